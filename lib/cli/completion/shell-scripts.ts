import { completeWord } from './complete-word.ts';

/**
 * The script of each shell. It hands words on as arguments and takes proposals as whole lines: no text of a project is ever evaluated. It runs the program that was typed, or for an alias the one that
 * `npx` finds.
 */
export const shellScripts = {
  bash: `# Completion of daybreak for bash: source <(npx daybreak completion bash)
_daybreak() {
  local -a run lines
  if type -P -- "$1" > /dev/null; then run=("$1"); else run=(npx --no-install daybreak); fi
  mapfile -t lines < <("\${run[@]}" ${completeWord} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
  COMPREPLY=()
  if [[ "\${lines[0]}" == :files ]]; then compopt -o default; return; fi
  local line
  for line in "\${lines[@]}"; do COMPREPLY+=("\${line%%$'\\t'*}"); done
}
complete -F _daybreak daybreak
`,
  zsh: `#compdef daybreak
# Completion of daybreak for zsh, after compinit: source <(npx daybreak completion zsh)
_daybreak() {
  local -a run lines values shown
  local line
  if whence -p -- "$words[1]" > /dev/null; then run=("$words[1]"); else run=(npx --no-install daybreak); fi
  lines=("\${(@f)$("\${run[@]}" ${completeWord} "\${(@)words[2,CURRENT]}" 2> /dev/null)}")
  if [[ "$lines[1]" == :files ]]; then _files; return; fi
  for line in "\${lines[@]}"; do
    [[ -z "$line" ]] && continue
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  }")
  done
  (( $#values )) && compadd -l -d shown -- "\${values[@]}"
}
compdef _daybreak daybreak
`,
  fish: `# Completion of daybreak for fish: npx daybreak completion fish | source
function __daybreak_complete
  set -l typed (commandline -opc) (commandline -ct)
  set -l run npx --no-install daybreak
  if command -q -- $typed[1]; set run $typed[1]; end
  set -l lines ($run ${completeWord} $typed[2..-1] 2> /dev/null)
  if test "$lines[1]" = :files
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $lines
  end
end
complete -c daybreak -f -a '(__daybreak_complete)'
`,
} as const;
