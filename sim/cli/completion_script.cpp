#include "sim/cli/completion_script.hpp"

#include "sim/base/error.hpp"

namespace tessera::cli {
namespace {

// bash takes "--dtype=fp8" apart at "=": the pieces are put together before the question, and only what follows the
// last "=" of them is offered.
constexpr const char* kBash = R"(# bash completion for tessera, written by "tessera completion bash".
_tessera() {
    local words=() typed part line kind=:words join=0 at
    for ((at = 1; at <= COMP_CWORD; ++at)); do
        part=${COMP_WORDS[at]}
        if ((${#words[@]} > 0)) && { [[ $part == "=" ]] || ((join)); }; then
            words[${#words[@]} - 1]+=$part
        else
            words+=("$part")
        fi
        [[ $part == "=" ]] && join=1 || join=0
    done
    typed=${words[${#words[@]} - 1]}
    local before="" current=${COMP_WORDS[COMP_CWORD]}
    [[ $current == "=" ]] && current=""
    [[ $typed == *=* ]] && before=${typed%"$current"}
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) kind=$line ;;
            *) line=${line%%$'\t'*}; COMPREPLY+=("${line#"$before"}") ;;
        esac
    done < <("${COMP_WORDS[0]}" completion words -- "${words[@]}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    local flag=-f
    [[ $kind == :folders ]] && flag=-d
    if [[ $kind != :words ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$flag" -- "$current")
    fi
}
complete -F _tessera tessera
)";

constexpr const char* kZsh = R"(#compdef tessera
# zsh completion for tessera, written by "tessera completion zsh".
_tessera() {
    local -a lines offered open
    local line kind=:words
    lines=("${(@f)$("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "${lines[@]}"; do
        case $line in
            '') ;;
            :*) kind=$line ;;
            *=) open+=("${line}") ;;
            *$'\t'*) offered+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
            *) offered+=("${line//:/\\:}") ;;
        esac
    done
    local found=1
    (( $#offered )) && _describe -t words 'tessera' offered && found=0
    (( $#open )) && compadd -S '' -- "${open[@]}" && found=0
    case $kind in
        :files) _files && found=0 ;;
        :folders) _files -/ && found=0 ;;
    esac
    return found
}
if [[ $funcstack[1] == _tessera ]]; then _tessera "$@"; else compdef _tessera tessera; fi
)";

constexpr const char* kFish = R"(# fish completion for tessera, written by "tessera completion fish".
function __tessera_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l lines ($words[1] completion words -- $words[2..-1] "$typed" 2>/dev/null)
    for line in $lines
        switch $line
            case ':files'
                __fish_complete_path "$typed"
            case ':folders'
                __fish_complete_directories "$typed"
            case ':words'
            case '*'
                echo $line
        end
    end
end
complete -c tessera -f -a '(__tessera_complete)'
)";

}  // namespace

const std::vector<std::string>& shells() {
    static const std::vector<std::string> names = {"bash", "zsh", "fish"};
    return names;
}

std::string completion_script(const std::string& shell) {
    if (shell == "bash") { return kBash; }
    if (shell == "zsh") { return kZsh; }
    invariant(shell == "fish", "completion_script() is asked for a shell that it does not know");
    return kFish;
}

}  // namespace tessera::cli
