#include "base/text.h"
#include "cli/manual/manual.h"

namespace zonepin {

namespace {

// A text that roff prints as it is: a dash that can be copied, no line that it takes for a request.
std::string roff(const std::string& text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    at_start = c == '\n';
  }
  return out;
}

std::string bold(const std::string& text) {
  return "\\fB" + roff(text) + "\\fR";
}
std::string italic(const std::string& text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string page_name(const CommandOutline& command) {
  std::string name = "zonepin";
  if (!command.path.empty()) name += "-" + command.path;
  for (char& c : name) c = c == ' ' ? '-' : c;
  return name;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string page_head(const CommandOutline& command, const std::string& version) {
  const std::string name = page_name(command);
  // A whatis entry is one line, and its text no sentence.
  std::string what = command.help;
  while (!what.empty() && what.back() == '.') what.pop_back();
  return ".TH " + roff(upper(name)) + " 1 \"\" \"zonepin " + version + "\" \"zonepin manual\"\n.SH NAME\n" +
         roff(name) + " \\- " + roff(what) + "\n.SH SYNOPSIS\n";
}

std::string page_synopsis(const CommandOutline& command) {
  std::string text = bold("zonepin " + command.path) + " [" + italic("OPTION") + "]...";
  for (const OptionOutline& option : command.options)
    if (option.is_required) text += " " + bold(option.names.back()) + " " + italic(option.type);
  for (const OptionOutline& argument : command.arguments) {
    const std::string word = italic(argument.type) + (argument.is_repeated ? "..." : "");
    text += argument.is_required ? " " + word : " [" + word + "]";
  }
  return text + "\n";
}

std::string page_option(const OptionOutline& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(bold(name));
  std::string text = ".TP\n" + join(names, ", ");
  if (!option.type.empty()) text += (names.empty() ? "" : " ") + italic(option.type);
  return text + "\n" + roff(option.help) + "\n";
}

// The example at the end of a command's help; in the program's the exit codes stand before it.
constexpr std::string_view kExample = "Example: ";

std::string page_example(const std::string& footer) {
  const std::size_t at = footer.find(kExample);
  if (at == std::string::npos) return {};
  const std::string example(trim(std::string_view(footer).substr(at + kExample.size())));
  return ".SH EXAMPLE\n.nf\n" + roff(example) + "\n.fi\n";
}

std::string program_page(const CommandOutline& program, const std::string& version) {
  std::string text = page_head(program, version);
  text += bold("zonepin") + " " + italic("COMMAND") + " [" + italic("OPTION") + "]... [" +
          italic("ARGUMENT") + "]...\n";
  text += ".SH DESCRIPTION\n" + roff(program.help) +
          "\nYAML manifests in a repository say which token may be used from where; " + bold("plan") +
          " shows how the live org differs, " + bold("apply") + " changes that, " + bold("drift") +
          " tells when somebody changed it since. There is no state file: the live org is the state.\n";
  text += ".SH COMMANDS\nEach has a page of its own, such as " + bold("zonepin-plan") + "(1).\n";
  for (const CommandOutline& command : leaves_of(program))
    text += ".TP\n" + bold(command.path) + "\n" + roff(command.help) + "\n";
  text += ".SH OPTIONS\n";
  for (const OptionOutline& option : program.options) text += page_option(option);
  const std::string codes(trim(program.footer.substr(0, program.footer.find(kExample))));
  text += ".SH EXIT STATUS\n" + roff(codes) + "\n";
  text += ".SH ENVIRONMENT\nWhich org, and who zonepin is there. Each name is also read with " +
          bold("_FILE") + " behind it, as the path of a file that holds the value.\n";
  const std::vector<std::pair<std::string, std::string>> variables = {
      {"OKTA_ORG_NAME, OKTA_BASE_URL, OKTA_CLIENT_ORGURL", "The org"},
      {"OKTA_API_TOKEN, OKTA_CLIENT_TOKEN", "An SSWS API token"},
      {"OKTA_ACCESS_TOKEN", "A ready OAuth access token"},
      {"OKTA_API_CLIENT_ID, OKTA_API_PRIVATE_KEY, OKTA_API_PRIVATE_KEY_ID, OKTA_API_SCOPES", "A service app"},
      {"NO_COLOR, TERM, COLUMNS, HTTPS_PROXY, NO_PROXY", "As everywhere"},
      {"LC_ALL, LC_CTYPE, LANG", "Where the first that is set names no UTF-8, text comes out as ASCII"}};
  for (const auto& [names, what] : variables) text += ".TP\n" + bold(names) + "\n" + roff(what) + "\n";
  text += page_example(program.footer);
  text += ".SH SEE ALSO\n";
  std::vector<std::string> pages;
  for (const CommandOutline& command : leaves_of(program)) pages.push_back(bold(page_name(command)) + "(1)");
  return text + join(pages, ",\n") + "\n";
}

std::string command_page(const CommandOutline& command, const std::string& version) {
  std::string text = page_head(command, version) + page_synopsis(command);
  text += ".SH DESCRIPTION\n" + roff(command.help) + ".\n";
  if (!command.arguments.empty()) text += ".SH ARGUMENTS\n";
  for (const OptionOutline& argument : command.arguments) text += page_option(argument);
  text += ".SH OPTIONS\n";
  for (const OptionOutline& option : command.options) text += page_option(option);
  text += page_example(command.footer);
  return text + ".SH SEE ALSO\n" + bold("zonepin") + "(1), which lists commands, exit codes and variables\n";
}

}  // namespace

std::vector<ManPage> man_pages(const CommandOutline& program, const std::string& version) {
  std::vector<ManPage> pages = {{"zonepin.1", program_page(program, version)}};
  for (const CommandOutline& command : leaves_of(program))
    pages.push_back({page_name(command) + ".1", command_page(command, version)});
  return pages;
}

}  // namespace zonepin
