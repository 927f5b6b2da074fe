/** The shells that can be taught to complete. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * bash takes words apart at characters such as `:` and `@`, which addresses have. So it hands over the line itself, and puts in
 * what is left of a word behind the last of those characters.
 */
const BASH = String.raw`# Completion of contentlib for bash: source <(contentlib completion bash)
_contentlib() {
  local current="$2" line="\${COMP_LINE:0:COMP_POINT}" head word about typed cut=""
  COMPREPLY=()
  typed="\${line##*[[:space:]]}"
  [[ "$typed" == *[:@=]* && "$current" != *[:@=]* ]] && cut="\${typed%"\${typed##*[:@=]}"}"
  while IFS=$'\t' read -r word about; do
    if [[ -z "$head" ]]; then head="$word"; continue; fi
    [[ "$current" == [\'\"]* ]] || printf -v word %q "$word"
    COMPREPLY+=("\${word#"$cut"}")
  done < <("$1" __complete --line "$line" 2>/dev/null)
  [[ "$head" == files ]] && compopt -o default
  [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == */ ]] && compopt -o nospace
  return 0
}
complete -F _contentlib contentlib
`;

const ZSH = String.raw`#compdef contentlib
# Completion of contentlib for zsh: source <(contentlib completion zsh), after compinit
_contentlib() {
  local -a lines plain open
  local line word
  lines=("\${(@f)$("$words[1]" __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${(@)lines[2,-1]}"; do
    word="\${line%%$'\t'*}"
    if [[ "$word" == */ ]]; then open+=("$word"); else plain+=("$word"); fi
  done
  compadd -- "\${(@)plain}"
  compadd -S '' -- "\${(@)open}"
  [[ "$lines[1]" == files ]] && _files
  return 0
}
compdef _contentlib contentlib
`;

const FISH = String.raw`# Completion of contentlib for fish: contentlib completion fish | source
function __contentlib_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct | string unescape)
  set -l lines (command $words[1] __complete -- $words[2..] "$current" 2>/dev/null)
  if test "$lines[1]" = files
    __fish_complete_path "$current"
  end
  set -e lines[1]
  printf '%s\n' $lines
end
complete -c contentlib -f -a '(__contentlib_complete)'
`;

/** The script of each shell. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH.replaceAll(String.raw`\$`, "$"),
  zsh: ZSH.replaceAll(String.raw`\$`, "$"),
  fish: FISH,
};
