#include "models/numerics/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace tessera::numerics {

void run_parallel(int count, int threads, const std::function<void(int)>& work) {
    const int processors = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int workers = std::min(std::max(threads > 0 ? threads : processors, 1), count);
    std::atomic<int> next{0};
    std::exception_ptr failure;
    std::mutex failure_lock;
    const auto loop = [&] {
        try {
            for (int i = next++; i < count; i = next++) { work(i); }
        } catch (...) {
            const std::lock_guard<std::mutex> lock(failure_lock);
            if (!failure) { failure = std::current_exception(); }
            next = count;
        }
    };
    std::vector<std::thread> pool;
    for (int i = 1; i < workers; ++i) { pool.emplace_back(loop); }
    loop();
    for (std::thread& t : pool) { t.join(); }
    if (failure) { std::rethrow_exception(failure); }
}

}  // namespace tessera::numerics
