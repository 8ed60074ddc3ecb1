# Imports libtorch, OpenVINO and Arrow from the Python wheels in .venv, and
# OpenCV from the system. find_package(Torch) is not used: on a CUDA wheel it
# fails without a CUDA toolkit.
set(EVENFACE_VENV ${PROJECT_SOURCE_DIR}/.venv CACHE PATH "virtual environment that holds the wheels")
file(GLOB site_packages ${EVENFACE_VENV}/lib/python3*/site-packages)
if(NOT site_packages)
  message(FATAL_ERROR "no wheels in ${EVENFACE_VENV}; run `make setup` first")
endif()
list(GET site_packages 0 EVENFACE_SITE_PACKAGES)

# One shared library of a wheel, found by pattern because its name carries the release.
function(evenface_wheel_library target pattern)
  file(GLOB found ${EVENFACE_SITE_PACKAGES}/${pattern})
  if(NOT found)
    message(FATAL_ERROR "${EVENFACE_SITE_PACKAGES}/${pattern} is missing; run `make setup` again")
  endif()
  list(GET found 0 location)
  add_library(${target} SHARED IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${location})
endfunction()

evenface_wheel_library(Arrow::arrow pyarrow/libarrow.so.[0-9]*)
target_include_directories(Arrow::arrow SYSTEM INTERFACE ${EVENFACE_SITE_PACKAGES}/pyarrow/include)
evenface_wheel_library(Arrow::parquet pyarrow/libparquet.so.[0-9]*)
target_link_libraries(Arrow::parquet INTERFACE Arrow::arrow)

evenface_wheel_library(OpenVINO::runtime openvino/libs/libopenvino.so.[0-9]*)
target_include_directories(OpenVINO::runtime SYSTEM INTERFACE ${EVENFACE_SITE_PACKAGES}/openvino/include)

# -idirafter: torch carries its own fmt headers, which must not hide the system's.
set(torch_include ${EVENFACE_SITE_PACKAGES}/torch/include)
evenface_wheel_library(Torch::c10 torch/lib/libc10.so)
evenface_wheel_library(Torch::cpu torch/lib/libtorch_cpu.so)
evenface_wheel_library(Torch::torch torch/lib/libtorch.so)
target_compile_options(Torch::torch INTERFACE "SHELL:-idirafter ${torch_include}"
                       "SHELL:-idirafter ${torch_include}/torch/csrc/api/include")
# Else each header of operators reads those of all.
target_compile_definitions(Torch::torch INTERFACE AT_PER_OPERATOR_HEADERS)
target_link_libraries(Torch::torch INTERFACE Torch::cpu Torch::c10)
if(EXISTS ${EVENFACE_SITE_PACKAGES}/torch/lib/libtorch_cuda.so)
  # Its kernels register themselves when loaded, so it must not be dropped as unused.
  evenface_wheel_library(Torch::cuda torch/lib/libtorch_cuda.so)
  target_link_libraries(Torch::torch INTERFACE -Wl,--no-as-needed Torch::cuda -Wl,--as-needed)
endif()

foreach(part core imgproc imgcodecs)
  find_library(OPENCV_${part} opencv_${part} REQUIRED)
  add_library(OpenCV::${part} SHARED IMPORTED GLOBAL)
  set_target_properties(OpenCV::${part} PROPERTIES IMPORTED_LOCATION ${OPENCV_${part}})
endforeach()
find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
target_include_directories(OpenCV::core SYSTEM INTERFACE ${OPENCV_INCLUDE})
