#include "measure.hpp"

#include "device.cuh"

#include <cstdio>

namespace micro {

Stat stat(std::vector<double> values) {
    if (values.empty()) { throw std::runtime_error("no values to take a median of"); }
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return {(values[(n - 1) / 2] + values[n / 2]) / 2, values.front(), values.back()};
}

Stat operator*(const Stat& s, double by) { return {s.med * by, s.min * by, s.max * by}; }

namespace {
std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}
}  // namespace

Item::Item(const std::string& id) : text_("{\"id\":\"" + id + "\"") {}
Item::~Item() { std::printf("%s}\n", text_.c_str()); }
Item& Item::with(const char* key, const char* value) {
    text_ += std::string(",\"") + key + "\":\"" + value + "\"";
    return *this;
}
Item& Item::with(const char* key, std::int64_t value) {
    text_ += std::string(",\"") + key + "\":" + std::to_string(value);
    return *this;
}
Item& Item::with(const char* key, double value) {
    text_ += std::string(",\"") + key + "\":" + number(value);
    return *this;
}
Item& Item::with(const char* key, const Stat& s) {
    text_ += std::string(",\"") + key + "\":{\"med\":" + number(s.med);
    const bool same = std::max(s.max - s.med, s.med - s.min) <= 2e-3 * s.med;
    if (!same) { text_ += ",\"min\":" + number(s.min) + ",\"max\":" + number(s.max); }
    text_ += "}";
    return *this;
}
Item& Item::with(const char* key, const std::vector<std::int64_t>& values) {
    std::string list;
    for (const std::int64_t v : values) { list += (list.empty() ? "" : ",") + std::to_string(v); }
    text_ += std::string(",\"") + key + "\":[" + list + "]";
    return *this;
}

Stat Repeats::per(const std::vector<double>& values, double count) const { return stat(values) * (1 / count); }
Stat Repeats::rate() const {
    std::vector<double> rates;
    for (std::size_t i = 0; i < ns.size(); ++i) { rates.push_back(bytes[i] / ns[i]); }
    return stat(rates);
}
Stat Repeats::per_clock(int sms) const {
    std::vector<double> rates;
    for (std::size_t i = 0; i < cycles.size(); ++i) { rates.push_back(bytes[i] / cycles[i] / sms); }
    return stat(rates);
}

Repeats repeat(int times, int blocks, const std::function<void(Span*)>& launch) {
    Buffer<Span> spans(static_cast<std::size_t>(blocks));
    Repeats r;
    for (int i = 0; i <= times; ++i) {
        launch(spans.get());
        CHECK(cudaGetLastError());
        CHECK(cudaDeviceSynchronize());
        if (i == 0) { continue; }
        std::vector<double> cycles, ghz;
        std::uint64_t begin = ~0ull, end = 0;
        double bytes = 0;
        for (const Span& s : spans.read()) {
            cycles.push_back(static_cast<double>(s.cycles));
            ghz.push_back(static_cast<double>(s.cycles) /
                          static_cast<double>(std::max<std::uint64_t>(1, s.end - s.begin)));
            begin = std::min(begin, s.begin), end = std::max(end, s.end);
            bytes += static_cast<double>(s.bytes);
        }
        r.cycles.push_back(stat(cycles).med);
        r.ghz.push_back(stat(ghz).med);
        r.ns.push_back(static_cast<double>(end - begin));
        r.bytes.push_back(bytes);
    }
    return r;
}

int sm_count() {
    int count = 0;
    CHECK(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, 0));
    return count;
}

namespace {
__global__ void fill(uint4* out, std::size_t count) {
    for (std::size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += std::size_t{gridDim.x} * blockDim.x) {
        const auto seed = static_cast<unsigned>(i);
        out[i] = make_uint4(random_e4m3(seed), random_e4m3(seed + 0x9e3779b9u), random_e4m3(seed ^ 0x5bd1e995u),
                            random_e4m3(~seed));
    }
}
__global__ void touch(const uint4* in, std::size_t count, unsigned* sink) {
    unsigned sum = 0;
    for (std::size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += std::size_t{gridDim.x} * blockDim.x) {
        sum ^= load_cached(in + i).x;
    }
    if (sum == 0x12345679u) { *sink = sum; }
}
__global__ void spin(unsigned long long cycles, Span* span) {
    const Stopwatch watch;
    while (clock64() - watch.clock < cycles) {}
    watch.stop(span, 0);
}
}  // namespace

char* scratch() {
    static char* data = nullptr;
    if (data == nullptr) {
        CHECK(cudaMalloc(&data, kScratch));
        fill<<<sm_count() * 8, 256>>>(reinterpret_cast<uint4*>(data), kScratch / 16);
        CHECK(cudaDeviceSynchronize());
    }
    return data;
}

void flush_l2() {
    static Buffer<unsigned> sink(1);
    touch<<<sm_count() * 2, 1024>>>(reinterpret_cast<const uint4*>(scratch() + kScratch - 512 * kMiB), 512 * kMiB / 16,
                                    sink.get());
    CHECK(cudaGetLastError());
}

double clock_ghz() {
    return repeat(1, 1, [](Span* s) { spin<<<1, 1>>>(600000, s); }).ghz.front();
}

void more_shared_memory(const void* kernel, std::size_t bytes) {
    CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)));
}

CUtensorMap tensor_map(void* data, std::uint64_t columns, std::uint64_t rows, unsigned box_columns, unsigned box_rows,
                       CUtensorMapSwizzle swizzle, CUtensorMapL2promotion promotion) {
    void* entry = nullptr;
    cudaDriverEntryPointQueryResult found{};
    CHECK(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &entry, 12000, cudaEnableDefault, &found));
    const cuuint64_t extent[] = {columns, rows}, pitch[] = {columns};
    const cuuint32_t box[] = {box_columns, box_rows}, stride[] = {1, 1};
    CUtensorMap map;
    const CUresult result = reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(entry)(
        &map, CU_TENSOR_MAP_DATA_TYPE_UINT8, 2, data, extent, pitch, box, stride, CU_TENSOR_MAP_INTERLEAVE_NONE,
        swizzle, promotion, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
    if (result != CUDA_SUCCESS) { throw std::runtime_error("cuTensorMapEncodeTiled: " + std::to_string(result)); }
    return map;
}

}  // namespace micro
