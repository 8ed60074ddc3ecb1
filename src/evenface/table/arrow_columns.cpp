#include "evenface/table/arrow_columns.h"

#include "evenface/core/error.h"

namespace evenface::table {
namespace {

template <class Builder, class Values>
std::shared_ptr<arrow::Array> built(const Values& values) {
  Builder builder;
  ensure(builder.AppendValues(values).ok(), "Arrow could not allocate a column");
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> dictionary_array(const Factor& f) {
  arrow::Int32Builder codes;
  ensure(codes.Reserve(f.rows()).ok(), "Arrow could not allocate a column");
  for (const std::int32_t code : f.codes)
    if (code < 0) codes.UnsafeAppendNull();
    else codes.UnsafeAppend(code);
  return arrow::DictionaryArray::FromArrays(arrow::dictionary(arrow::int32(), arrow::utf8()),
                                            codes.Finish().ValueOrDie(), built<arrow::StringBuilder>(f.levels))
      .ValueOrDie();
}

}  // namespace

std::shared_ptr<arrow::Array> array_from(const Column& column) {
  struct Build {
    std::shared_ptr<arrow::Array> operator()(const Texts& t) const { return built<arrow::StringBuilder>(t); }
    std::shared_ptr<arrow::Array> operator()(const Factor& f) const { return dictionary_array(f); }
    std::shared_ptr<arrow::Array> operator()(const Keys& k) const { return built<arrow::UInt64Builder>(k.keys); }
    std::shared_ptr<arrow::Array> operator()(const std::vector<std::int64_t>& v) const {
      return built<arrow::Int64Builder>(v);
    }
    std::shared_ptr<arrow::Array> operator()(const std::vector<double>& v) const {
      return built<arrow::DoubleBuilder>(v);
    }
    std::shared_ptr<arrow::Array> operator()(const Vectors& v) const {
      return arrow::FixedSizeListArray::FromArrays(built<arrow::FloatBuilder>(v.values),
                                                   static_cast<std::int32_t>(v.width))
          .ValueOrDie();
    }
  };
  return std::visit(Build{}, column);
}

}  // namespace evenface::table
