#include "sim/base/text.hpp"

#include <cstdio>

int main() {
    using namespace tessera;
    const Bytes size = kib(64);
    const Bandwidth rate = gb_per_second(3350);
    std::printf("%s at %s take %s\n", human_binary(size).c_str(), human(rate).c_str(), human(size / rate).c_str());
}
