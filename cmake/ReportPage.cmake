# evenface_embed_page(<target>)
#
# Builds web/ into one HTML file when its sources, or a finding's view, changed,
# and puts that file into <target> as evenface::report::page_template().
function(evenface_embed_page target)
  find_program(NPM npm REQUIRED)
  set(page ${PROJECT_BINARY_DIR}/web/report.html)
  set(web ${PROJECT_SOURCE_DIR}/web)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/*.ts ${web}/src/*.css
       ${PROJECT_SOURCE_DIR}/src/evenface/study/findings/*.ts)
  if(NOT EXISTS ${web}/node_modules/vite)
    message(FATAL_ERROR "no npm packages in ${web}; run `make setup` first")
  endif()
  add_custom_command(OUTPUT ${page}
    COMMAND ${NPM} run --silent build -- --outDir ${PROJECT_BINARY_DIR}/web --emptyOutDir --logLevel warn
    WORKING_DIRECTORY ${web} VERBATIM COMMENT "Building the report page"
    DEPENDS ${sources} ${web}/report.html ${web}/vite.config.js ${web}/tsconfig.json ${web}/package-lock.json)

  set(holder ${PROJECT_SOURCE_DIR}/src/evenface/report/page_template.cpp)
  set_source_files_properties(${holder} PROPERTIES OBJECT_DEPENDS ${page}
                              COMPILE_DEFINITIONS EVENFACE_PAGE="${page}")
endfunction()
