// Where the files that ship with tessera (configs/, scripts/) are found at run time.
#pragma once

#include <string>
#include <vector>

namespace tessera {

// Folders that may hold them, in the order of search: $TESSERA_DATA if set, share/tessera of the installation
// this program belongs to (../share/tessera from its folder), the source tree it was built from, share/tessera below
// /usr/local and /usr, for programs that were built with an installed tessera.
std::vector<std::string> data_roots();

// The first existing `relative` ("configs/runs/x.json", "scripts/plot") below data_roots(), or "".
std::string find_data(const std::string& relative);

}  // namespace tessera
