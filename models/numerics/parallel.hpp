// Independent pieces of work in threads.
#pragma once

#include <functional>

namespace tessera::numerics {

// Calls work(0) .. work(count - 1), each once, in any order, in up to `threads` threads (0: one per processor). The
// pieces must write to different places. The first exception is thrown again when all threads have ended.
void run_parallel(int count, int threads, const std::function<void(int)>& work);

}  // namespace tessera::numerics
