// What a shell offers at the end of an unfinished command line, from the verbs' own tables.
#pragma once

#include "sim/cli/verb.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

struct Candidate {
    std::string word, help;  // help may be empty
};

struct Candidates {
    std::vector<Candidate> words;
    bool files = false, folders = false;  // names of the shell's own finding fit as well
};

// `words` stand behind the program's name; the last one, perhaps empty, is being typed. Only words that begin with it
// are returned, in the order of the tables. An unknown verb has none.
Candidates candidates(const std::vector<std::string>& words);

// One "word<TAB>help" per line, then ":files", ":folders" or ":words": what the scripts of completion_script() read.
std::string to_lines(const Candidates& c);

}  // namespace tessera::cli
