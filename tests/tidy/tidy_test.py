#!/usr/bin/env python3
"""Plants mistakes in a small tree and wants tidy.py to find each, at its line; and no more than that."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import tidy  # noqa: E402

README = """# House

| room | what it is for | may include | reaches |
| --- | --- | --- | --- |
| base | the ground | | values; doors: `world` |
| model | words | base | values |
| hands | the outside | base | machine |
| story | commands | base model | values; doors: `tell` |
| main | the front door | base story hands | doors |

| header | library | included by |
| --- | --- | --- |
| `yaml/` | YAML | hands |
| `json.hpp` | JSON | `model/codec.cpp` `model/json_form.h` |
| `tl/expected.hpp` | expected | `base/result.h` |
| `arpa/inet.h` | addresses | `model/codec.cpp` |
"""

TREE = {
    "src/README.md": README,
    "src/main.cpp": '#include "hands/hand.h"\n#include "story/tell.h"\n',
    "src/CMakeLists.txt": "add_executable(main main.cpp)\n",
    "src/base/CMakeLists.txt": "zonepin_room(base SOURCES text.cpp)\n",
    "src/base/result.h": "#pragma once\n\n#include <tl/expected.hpp>\n",
    "src/base/world.h": '#pragma once\n\n#include "base/result.h"\n\nclass Clock {};\nstruct World {\n  Clock& clock;\n};\n',
    "src/base/text.h": "#pragma once\n\n#include <string>\n",
    "src/base/text.cpp": '#include "base/text.h"\n',
    "src/model/CMakeLists.txt": "zonepin_room(model\n  SOURCES codec.cpp  # the only one\n  USES base\n  LINKS json::json)\n",
    "src/model/token.h": '#pragma once\n\n#include "base/text.h"\n',
    "src/model/json_form.h": "#pragma once\n\n#include <json.hpp>\n",
    "src/model/codec.cpp": '#include <arpa/inet.h>\n#include <json.hpp>\n\n#include "model/json_form.h"\n#include "model/token.h"\n',
    "src/hands/CMakeLists.txt": "zonepin_room(hands SOURCES hand.cpp USES base LINKS yaml)\n",
    "src/hands/hand.h": '#pragma once\n\n#include "base/world.h"\n',
    "src/hands/hand.cpp": '#include "hands/hand.h"\n\n#include <fcntl.h>\n#include <yaml/yaml.h>\n\nint now() { return ::open("x", 0); }\n',
    "src/story/CMakeLists.txt": "zonepin_room(story SOURCES tell.cpp plain.cpp USES base model)\n",
    "src/story/tell.h": '#pragma once\n\n#include "model/token.h"\n',
    "src/story/tell.cpp": '#include "story/tell.h"\n\n#include "base/world.h"\n\nvoid tell(World& world);\n',
    "src/story/plain.cpp": '#include "base/world.h"\n\nint plain();\n',
    "tests/CMakeLists.txt": "add_subdirectory(unit)\n",
    "tests/unit/CMakeLists.txt": "zonepin_test(model SOURCES model/token_test.cpp)\n",
    "tests/unit/model/token_test.cpp": '#include <doctest/doctest.h>\n\n#include <fstream>\n\n#include "model/token.h"\n#include "table.h"\n',
    "tests/unit/model/table.h": "#pragma once\n",
}

PLAIN = "src/story/plain.cpp"


def after(path, text):
    """The tree's file with more lines at its end."""
    return {path: TREE[path] + text}


# name, files put over the tree (None: taken away), what must be found and nothing else: (file, line, words of the reason)
CASES = [
    ("a room includes what it may not", after("src/model/codec.cpp", '#include "story/tell.h"\n'),
     [("src/model/codec.cpp", 6, "model may not include story")]),
    ("the ground includes upwards", after("src/base/text.cpp", '#include "model/token.h"\n'),
     [("src/base/text.cpp", 2, "base may not include model")]),
    ("an include that hides behind blanks", after(PLAIN, '  #  include   "hands/hand.h"\n'),
     [(PLAIN, 4, "story may not include hands")]),
    ("an include without its room", after("src/story/tell.cpp", '#include "tell.h"\n'),
     [("src/story/tell.cpp", 6, "is in no room"), ("src/story/tell.cpp", 6, 'there is no "tell.h"')]),
    ("an include that leads nowhere", after("src/story/tell.cpp", '#include "model/tokens.h"\n'),
     [("src/story/tell.cpp", 6, 'there is no "model/tokens.h"')]),
    ("a room without a row", {"src/attic/a.cpp": "\n", "src/attic/CMakeLists.txt": "zonepin_room(attic SOURCES a.cpp)\n"},
     [("src/attic/a.cpp", 1, "'attic' is no room"), ("src/attic/CMakeLists.txt", 1, "'attic' is no room")]),
    ("a header that nobody includes", {"src/base/lonely.h": "#pragma once\n"}, [("src/base/lonely.h", 1, "nobody includes")]),
    ("headers that include each other", {
        "src/model/token.h": '#pragma once\n\n#include "model/zone.h"\n',
        "src/model/zone.h": '#pragma once\n#include "model/token.h"\n'},
     [("src/model/zone.h", 2, "src/model/token.h -> src/model/zone.h -> src/model/token.h")]),
    ("a library outside its room", after(PLAIN, "#include <yaml/node/node.h>\n"), [(PLAIN, 4, "<yaml/node/node.h> stays in hands")]),
    ("a library outside its file", after("src/model/token.h", "#include <json.hpp>\n"),
     [("src/model/token.h", 4, "<json.hpp> stays in model/codec.cpp model/json_form.h"), ("src/story/tell.h", 3, "brings <json.hpp>"),
      ("src/main.cpp", 2, "brings <json.hpp>")]),
    ("a library without a row", after("src/hands/hand.cpp", "#include <boost/any.hpp>\n"),
     [("src/hands/hand.cpp", 7, "<boost/any.hpp> is in no table")]),
    ("a private header in another room", after(PLAIN, '#include "model/json_form.h"\n'), [(PLAIN, 4, "brings <json.hpp> into another room")]),
    ("a private header behind a public one", after("src/model/token.h", '#include "model/json_form.h"\n'),
     [("src/story/tell.h", 3, "brings <json.hpp> into another room"), ("src/main.cpp", 2, "brings <json.hpp>")]),
    ("an allowance for one file", after("src/model/token.h", "#include <arpa/inet.h>\n"),
     [("src/model/token.h", 4, "leads outside"), ("src/story/tell.h", 3, "brings <arpa/inet.h>"),
      ("src/main.cpp", 2, "brings <arpa/inet.h>")]),
    ("a header that leads outside", after(PLAIN, "#include <iostream>\n#include <sys/socket.h>\n#include <unistd.h>\n"),
     [(PLAIN, 4, "<iostream> leads outside"), (PLAIN, 5, "<sys/socket.h>"), (PLAIN, 6, "<unistd.h>")]),
    ("doors are not the machine", after("src/story/tell.cpp", "#include <fstream>\n"), [("src/story/tell.cpp", 6, "reaches doors only")]),
    ("a door where only values are known", after(PLAIN, "void f(Clock& clock);\nvoid g(const World *world);\n"),
     [(PLAIN, 4, "`Clock` is a door"), (PLAIN, 5, "`World` is a door")]),
    ("a header of the wrong kind", {"src/model/token.h": '#include "base/text.h"\n'}, [("src/model/token.h", 1, "#pragma once")]),
    ("a file that nobody compiles", {"src/model/zone.cpp": "\n", "tests/unit/model/zone_test.cpp": "\n"},
     [("src/model/zone.cpp", 1, "listed in no CMakeLists.txt"), ("tests/unit/model/zone_test.cpp", 1, "listed in no CMakeLists.txt")]),
    ("listed only in a comment", {"src/base/CMakeLists.txt": "zonepin_room(base\n  SOURCES # text.cpp\n)\n"},
     [("src/base/text.cpp", 1, "listed in no CMakeLists.txt")]),
    ("a listed file that is not there", {"src/base/text.cpp": None}, [("src/base/CMakeLists.txt", 1, "src/base/text.cpp is not there")]),
    ("USES says more than the table", {"src/hands/CMakeLists.txt": "zonepin_room(hands SOURCES hand.cpp\n  USES base model LINKS yaml)\n"},
     [("src/hands/CMakeLists.txt", 1, "hands USES base model, src/README.md says base")]),
    ("USES says less than the table", {"src/story/CMakeLists.txt": "zonepin_room(story\n  SOURCES tell.cpp plain.cpp\n  USES base)\n"},
     [("src/story/CMakeLists.txt", 1, "story USES base, src/README.md says base model")]),
    ("a row of what is not there", {"src/README.md": README.replace("`tell`", "`told`").replace("| YAML | hands", "| YAML | feet")},
     [("src/README.md", 8, "story has no told.h and no told.cpp"), ("src/README.md", 13, "feet is neither"),
      ("src/hands/hand.cpp", 4, "<yaml/yaml.h> stays in feet"), ("src/story/tell.cpp", 5, "`World` is a door")]),
    ("a word that means nothing", {"src/README.md": README.replace("| base | machine |", "| base | everything |")},
     [("src/README.md", 7, "none of values, doors, machine")]),
    ("no tables", {"src/README.md": "# House\n"}, [("src/README.md", 1, "no table")]),
    ("no rules", {"src/README.md": None}, [("src/README.md", 1, "is missing")]),
    ("a long file", after(PLAIN, "\n" * 448), [(PLAIN, 451, "451 lines")]),
    ("using namespace", after(PLAIN, "using namespace std;\n"), [(PLAIN, 4, "using namespace")]),
    ("notes to self", after(PLAIN, "// TO" "DO: later\nint x;  // FIX" "ME\n"), [(PLAIN, 4, "notes to self"), (PLAIN, 5, "notes to self")]),
    ("blanks and tabs", after(PLAIN, "int x; \n\tint y;\n"), [(PLAIN, 4, "a tab, or a blank"), (PLAIN, 5, "a tab, or a blank")]),
    ("a last line without an end", after(PLAIN, "int x;"), [(PLAIN, 4, "does not end")]),
]

OUTSIDE = [
    "auto t = std::chrono::system_clock::now();", "auto t = SteadyClock::now();", "auto t = std::time(nullptr);",
    "auto t = ::time(nullptr);", "clock_gettime(CLOCK_REALTIME, &t);", "std::this_thread::sleep_for(ms);",
    'auto v = std::getenv("HOME");', 'auto v = getenv("HOME");', 'auto f = fopen("x", "r");', 'std::ifstream in("x");',
    "std::fstream f;", 'std::filesystem::exists("x");', "std::cout << 1;", "std :: cerr << 1;", 'std::printf("x");',
    'fprintf(stderr, "x");', 'std::fputs("x", out);', 'puts("x");', "std::random_device device;", "int r = rand();",
    "int r = std::rand();", "int s = ::socket(1, 2, 3);", "return ::read(0, buffer, 1);", "getaddrinfo(a, b, c, d);",
    'std::system("ls");', "std::exit(1);", "std::thread t(f);",
]

ALLOWED = [
    "// getenv and std::cout in a comment", "/* fopen(\n rand() */", 'auto s = "std::cout << getenv()";',
    'auto s = R"x(std::cerr\n)" fopen( )x";', "char c = '\"'; int n = 10'000; char d = '\\'';", "std::remove(a.begin(), a.end(), x);",
    "int snprintf_free = operand(3); int time = elapsed.time();", "lane.poll(now); Lane::poll(now); file.open(x);",
    "random(); random_order(); srandomness();", "void now(int now); auto x = clock.now();", "using namespace_like = int;", "using namespace std::string_literals;",
    '// #include "hands/hand.h"', '/*\n#include <iostream>\n*/', "std::chrono::sys_time<Milliseconds> at;", "std::strtol(a, b, 10);",
    "NetworkCondition& condition; Worlds& worlds;",
]


class Tidy(unittest.TestCase):
    def found_in(self, changes):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {**TREE, **changes}.items():
                if text is None:
                    continue
                file = Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return tidy.problems_of(Path(folder))

    def expect(self, changes, wanted):
        found = self.found_in(changes)
        shown = "\n".join(f"{p.file}:{p.line}: {p.why}" for p in found)
        for file, line, why in wanted:
            self.assertTrue(any((p.file, p.line) == (file, line) and why in p.why for p in found), f"not found: {file}:{line} {why}\n{shown}")
        self.assertEqual(len(found), len(wanted), shown)

    def test_a_tree_in_order_has_no_problems(self):
        self.expect({}, [])

    def test_planted_mistakes_are_found(self):
        for name, changes, wanted in CASES:
            with self.subTest(name):
                self.expect(changes, wanted)

    def test_what_leads_outside_is_found(self):
        for code in OUTSIDE:
            with self.subTest(code):
                found = self.found_in(after(PLAIN, code + "\n"))
                self.assertTrue(found, code)
                self.assertEqual({(p.file, p.line) for p in found}, {(PLAIN, 4)}, found)

    def test_what_only_looks_so_is_left_alone(self):
        for code in ALLOWED:
            with self.subTest(code):
                self.expect(after(PLAIN, code + "\n"), [])

    def test_an_empty_tree_is_out_of_order(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertTrue(tidy.problems_of(Path(folder)))


if __name__ == "__main__":
    unittest.main()
