#include "sim/app/memo_codec.hpp"

#include "sim/base/error.hpp"

#include <cstring>
#include <type_traits>

namespace tessera {
namespace {

struct Put {
    std::string& bytes;
    template <class T>
    void operator()(const T& v) {
        static_assert(std::is_trivially_copyable_v<T>);
        bytes.append(reinterpret_cast<const char*>(&v), sizeof v);
    }
    void text(const std::string& s) {
        (*this)(s.size());
        bytes += s;
    }
};

struct Get {
    const std::string& bytes;
    std::size_t& at;
    const char* take(std::size_t n) {
        invariant(n <= bytes.size() - at, "remembered kernels are cut off");
        at += n;
        return bytes.data() + (at - n);
    }
    template <class T>
    void operator()(T& v) {
        static_assert(std::is_trivially_copyable_v<T>);
        std::memcpy(&v, take(sizeof v), sizeof v);
    }
    void text(std::string& s) {
        std::size_t n = 0;
        (*this)(n);
        const char* from = take(n);
        s.assign(from, n);
    }
};

// Every field of a result but its shares.
template <class Result, class Visit>
void visit_numbers(Result& r, Visit& v) {
    v(r.time);
    v(r.limiter);
    v(r.traffic);
    v(r.energy);
    v(r.tensor_flops);
    v(r.tensor_busy);
    v(r.cuda_busy);
    v(r.clock_bound);
    v(r.sms);
    v(r.waves);
}

}  // namespace

void MemoWriter::add(std::uint64_t key, const KernelResult& result) {
    Put put{bytes_};
    put(key);
    visit_numbers(result, put);
    put(result.shares.size());
    for (const TimeShare& s : result.shares) {
        put.text(s.label);
        put(s.time);
    }
    put(result.beside_hbm.size());
    for (const double factor : result.beside_hbm) { put(factor); }
}

void MemoReader::next(std::uint64_t& key, KernelResult& result) {
    Get get{bytes_, at_};
    get(key);
    visit_numbers(result, get);
    std::size_t shares = 0;
    get(shares);
    invariant(shares <= bytes_.size() - at_, "remembered kernels are cut off");
    result.shares.resize(shares);
    for (TimeShare& s : result.shares) {
        get.text(s.label);
        get(s.time);
    }
    std::size_t factors = 0;
    get(factors);
    invariant(factors <= bytes_.size() - at_, "remembered kernels are cut off");
    result.beside_hbm.resize(factors);
    for (double& factor : result.beside_hbm) { get(factor); }
}

}  // namespace tessera
