#include "sim/cli/program.hpp"

#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    return tessera::cli::run_program(std::vector<std::string>(argv + 1, argv + argc), std::cout, std::cerr);
}
