#include "manifest/append.h"

#include <doctest/doctest.h>

#include "manifest/decode.h"

namespace zonepin {

namespace {

Draft one_entry() {
  Draft draft;
  draft.org = "acme.okta.com";
  Noted<DesiredToken> entry;
  entry.part.name = "new";
  entry.part.ignore = true;
  entry.notes = {"00T1"};
  draft.tokens.push_back(entry);
  return draft;
}

const std::string kBeforeTokens = "apiVersion: zonepin/v1\nkind: ApiTokens\n";

struct Row {
  std::string what;
  std::string before;  // of the list's end
  std::string added;
  std::string after;
};

}  // namespace

TEST_CASE("entries go to the end of the list, whatever stands around it") {
  const std::string added = "  # 00T1\n  - name: new\n    ignore: true\n";
  const Row rows[] = {
      {"the end of the file", kBeforeTokens + "tokens:\n  - name: a\n    ignore: true\n", added, ""},
      {"no newline at the end", kBeforeTokens + "tokens:\n  - name: a\n    ignore: true", "\n" + added, ""},
      {"a list as far left as its key", kBeforeTokens + "tokens:\n- name: a\n  ignore: true\n",
       "# 00T1\n- name: new\n  ignore: true\n", "# c\nunmanaged: fail\n"},
      {"a deep list", kBeforeTokens + "tokens:\n        - name: a\n          ignore: true\n",
       "        # 00T1\n        - name: new\n          ignore: true\n", "unmanaged: fail\n"},
      {"wide dashes", kBeforeTokens + "tokens:\n  -   name: a\n      ignore: true\n", added, ""},
      {"entries in braces", kBeforeTokens + "tokens:\n  - { name: a, ignore: true }\n", added, "\n\n# end\n"},
      {"a comment that is an entry's",
       kBeforeTokens + "tokens:\n  - name: a\n    ignore: true\n  # - name: b\n", added,
       "\n# the rest\nunmanaged: fail\n"},
      {"a comment on the last line", kBeforeTokens + "tokens:\n  - name: a\n    ignore: true # why\n", added,
       ""},
      {"a block scalar with what looks like a comment",
       kBeforeTokens + "tokens:\n  - name: a\n    state: revoked\n    reason: |\n      one\n      # two\n",
       added, "\n"},
      {"a reason over several lines",
       kBeforeTokens + "tokens:\n  - name: a\n    state: revoked\n    reason: \"one\n      two\"\n", added,
       "unmanaged: fail\n"},
      {"another document", kBeforeTokens + "tokens:\n  - name: a\n    ignore: true\n", added,
       "--- # next\n" + kBeforeTokens + "tokens:\n  - name: b\n    ignore: true\n"},
      {"the end of a document", kBeforeTokens + "tokens:\n  - name: a\n    ignore: true\n", added,
       "...\n# nothing more\n"},
      {"a byte order mark", "\xef\xbb\xbf" + kBeforeTokens + "tokens:\n  - name: a\n    ignore: true\n",
       added, ""},
      {"an anchor",
       kBeforeTokens + "tokens:\n  - &a\n    name: a\n    ignore: true\n  - { <<: *a, name: b }\n", added,
       ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto appended = append_entries(row.before + row.after, 0, one_entry());
    REQUIRE(appended);
    CHECK(appended->where == AppendedTo::list);
    CHECK(appended->text == row.before + row.added + row.after);
  }
}

TEST_CASE("what is no plain list stays as it is: the entries become a document") {
  const std::string texts[] = {
      "",
      "tokens: []\n",
      "tokens: [{ name: a, ignore: true }]\n",
      "unmanaged: fail",
      "tokens:\n  - name: a\n    state: revoked\n    reason: |+\n      kept\n\n",
  };
  for (const std::string& body : texts) {
    CAPTURE(body);
    const std::string text = kBeforeTokens + body;
    const auto appended = append_entries(text, 0, one_entry());
    REQUIRE(appended);
    CHECK(appended->text.substr(0, text.size()) == text);
    const Manifests read = decode_manifests({{"", appended->text}});
    CHECK(read.diagnostics.empty());
    const bool in_list = body.find("|+") != std::string::npos;  // behind the blank line that the reason keeps
    CHECK((appended->where == AppendedTo::list) == in_list);
    CHECK(read.documents.size() == (in_list ? 1 : 2));
    CHECK(read.documents.back().tokens.back().name == "new");
  }
}

TEST_CASE("without a document to add to they become one as well") {
  const std::string text = kBeforeTokens + "tokens:\n  - name: a\n    ignore: true\n";
  const auto appended = append_entries(text, std::nullopt, one_entry());
  REQUIRE(appended);
  CHECK(appended->where == AppendedTo::document);
  CHECK(appended->text == text + "---\n" + kBeforeTokens +
                              "org: acme.okta.com\ntokens:\n  # 00T1\n  - name: new\n    ignore: true\n");
}

}  // namespace zonepin
