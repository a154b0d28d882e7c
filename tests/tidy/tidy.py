#!/usr/bin/env python3
"""Holds the source tree against the rules of src/README.md.

    tidy.py [ROOT]

Prints `file:line: why` for each thing that is out of order and exits 1; a tree in order gives one line and exit 0.
The tables of src/README.md (rooms, headers of others) are read, so that what is written there is what is checked.
"""

import os
import re
import sys
from collections import namedtuple
from pathlib import Path

MAX_LINES = 450
VALUES, DOORS, MACHINE = "values", "doors", "machine"

Problem = namedtuple("Problem", "file line why")
Include = namedtuple("Include", "line name quoted")


# --- reading C++ -----------------------------------------------------------------------------------------------------

TOKENS = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)"""
    r"""|(?P<raw>\bR"(?P<mark>[^ ()\\\n]*)\(.*?\)(?P=mark)")"""
    r"""|(?P<text>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<char>(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+')""",
    re.DOTALL,
)


def blank(text):
    """As many lines, nothing on them."""
    return "\n" * text.count("\n")


def without_comments(source):
    return TOKENS.sub(lambda m: " " + blank(m.group()) if m.group("comment") else m.group(), source)


def code_only(source):
    """Neither comments nor what stands in quotes."""
    return TOKENS.sub(lambda m: " " + blank(m.group()) if m.group("comment") else '""' + blank(m.group()), source)


INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">\n]+)[>"]', re.MULTILINE)

INCLUDE_LINE = re.compile(r"^[ \t]*#[ \t]*include\b[^\n]*", re.MULTILINE)


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


class SourceFile:
    """One .h or .cpp file. `path` is relative to the root, in slashes."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        uncommented = without_comments(text)
        self.code = INCLUDE_LINE.sub("", code_only(text))
        self.includes = [
            Include(line_at(uncommented, m.start(1)), m.group(2), m.group(1) == '"') for m in INCLUDE.finditer(uncommented)
        ]

    @property
    def is_header(self):
        return self.path.endswith(".h")

    @property
    def within_src(self):
        """`okta/lane.h`: as tables and includes name it; none outside src."""
        return self.path[len("src/"):] if self.path.startswith("src/") else None

    @property
    def room(self):
        inner = self.within_src
        if inner is None:
            return None
        return inner.split("/")[0] if "/" in inner else Path(inner).stem


# --- the tables of src/README.md -------------------------------------------------------------------------------------

Room = namedtuple("Room", "may_include reach by_file line")
Library = namedtuple("Library", "users line")


class HouseRules:
    def __init__(self):
        self.rooms = {}
        self.libraries = {}
        self.problems = []

    def reach_of(self, file):
        room = self.rooms[file.room]
        return room.by_file.get(Path(file.within_src).stem, room.reach)

    def library_of(self, header):
        """The row that speaks of a header: its whole name, or a folder that it begins with."""
        for name in self.libraries:
            if header == name or (name.endswith("/") and header.startswith(name)):
                return name
        return None

    def may_use(self, file, library):
        users = self.libraries[library].users
        return file.room in users or file.within_src in users


README = "src/README.md"


def rows_of(text, first_heading):
    """(line, cells) of the table whose first column has this heading."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == first_heading:
            inside = True
        elif inside and not set(cells[0]) <= set("-: "):
            yield number, cells


def parse_reach(cell):
    """`values; doors: `a` `b`` -> the room's reach, and that of single files: a.h, a.cpp, b.h, b.cpp."""
    reach, *others = [part.strip() for part in cell.split(";")]
    by_file = {}
    for other in others:
        word, _, files = other.partition(":")
        by_file.update({name: word.strip() for name in re.findall(r"`([^`]+)`", files)})
    return reach, by_file


def read_rules(root):
    rules = HouseRules()
    path = root / README
    if not path.is_file():
        rules.problems.append(Problem(README, 1, "is missing: the rules stand there"))
        return rules
    text = path.read_text(encoding="utf-8")
    for line, cells in rows_of(text, "room"):
        if len(cells) != 4:
            rules.problems.append(Problem(README, line, "a room's row has four cells: room, what for, may include, reaches"))
            continue
        reach, by_file = parse_reach(cells[3])
        for word in [reach, *by_file.values()]:
            if word not in (VALUES, DOORS, MACHINE):
                rules.problems.append(Problem(README, line, f"'{word}' is none of values, doors, machine"))
        rules.rooms[cells[0]] = Room(set(cells[2].split()), reach, by_file, line)
    for line, cells in rows_of(text, "header"):
        users = set(re.findall(r"[\w./-]+", cells[-1].replace("`", " ")))
        rules.libraries[cells[0].strip("`")] = Library(users, line)
    if not rules.rooms or not rules.libraries:
        rules.problems.append(Problem(README, 1, "has no table of rooms, or none of headers of others"))
    return rules


# --- who includes whom -----------------------------------------------------------------------------------------------


def check_rooms(files, rules):
    for file in files:
        room = file.room
        if room is None:
            continue
        if room not in rules.rooms:
            yield Problem(file.path, 1, f"'{room}' is no room of {README}")
            continue
        may = rules.rooms[room].may_include
        for include in file.includes:
            if not include.quoted:
                continue
            target = include.name.split("/")[0]
            if target == room:
                continue
            if target not in rules.rooms:
                yield Problem(file.path, include.line, f'"{include.name}" is in no room: write it as "room/file.h"')
            elif target not in may:
                allowed = ", ".join(sorted(may)) or "nothing else"
                yield Problem(file.path, include.line, f"{room} may not include {target} (it may: {allowed}; {README})")


def resolve(file, include, by_path):
    """The path of what a quoted include means, or none. Tests may name a header beside them, or one below tests/."""
    candidates = ["src/" + include.name]
    if file.within_src is None:
        candidates += [str(Path(file.path).parent / include.name), "tests/" + include.name]
    return next((path for path in candidates if path in by_path), None)


def check_targets(files, by_path):
    """Quoted includes lead somewhere, and every header is used."""
    used = set()
    for file in files:
        for include in file.includes:
            if not include.quoted:
                continue
            path = resolve(file, include, by_path)
            if path is None:
                yield Problem(file.path, include.line, f'there is no "{include.name}"')
            else:
                used.add(path)
    for file in files:
        if file.is_header and file.path not in used:
            yield Problem(file.path, 1, "nobody includes this header")


def check_cycles(files, by_path):
    edges = {
        file.path: [(resolve(file, include, by_path), include.line) for include in file.includes if include.quoted]
        for file in files
        if file.is_header
    }
    state = {}  # 1: on the way, 2: done

    def visit(path, trail):
        state[path] = 1
        for target, line in edges[path]:
            if target not in edges:
                continue
            if state.get(target) == 1:
                circle = [*trail[trail.index(target):], target]
                yield Problem(path, line, "headers include each other: " + " -> ".join(circle))
            elif target not in state:
                yield from visit(target, [*trail, target])
        state[path] = 2

    for path in sorted(edges):
        if path not in state:
            yield from visit(path, [path])


# --- headers of others -----------------------------------------------------------------------------------------------

# Of the operating system and C: what only files that reach the machine may include.
SYSTEM_HEADERS = re.compile(
    r"^(sys/\w+|arpa/inet|netinet/\w+|dirent|errno|fcntl|limits|locale|netdb|poll|pthread|signal|spawn|stdio|stdlib|string"
    r"|termios|time|unistd)\.h$"
)
# Standard headers whose only use is the outside.
OUTSIDE_HEADERS = {
    "condition_variable", "csignal", "filesystem", "fstream", "future", "iostream", "mutex", "print", "shared_mutex",
    "syncstream", "thread",
}
VOCABULARY = {"tl/expected.hpp"}  # may stand in headers that other rooms include


def check_foreign_headers(files, rules):
    for file in files:
        if file.room not in rules.rooms:
            continue
        reach = rules.reach_of(file)
        for include in file.includes:
            if include.quoted:
                continue
            library = rules.library_of(include.name)
            system = SYSTEM_HEADERS.match(include.name)
            if library and rules.may_use(file, library):
                continue
            if library and not system:
                users = " ".join(sorted(rules.libraries[library].users))
                yield Problem(file.path, include.line, f"<{include.name}> stays in {users} ({README})")
            elif (system or include.name in OUTSIDE_HEADERS) and reach != MACHINE:
                yield Problem(file.path, include.line, f"<{include.name}> leads outside, and {file.path} reaches {reach} only ({README})")
            elif not system and not re.fullmatch(r"[a-z_0-9]+", include.name):
                yield Problem(file.path, include.line, f"<{include.name}> is in no table: a new library needs a row in {README}")


def check_private_headers(files, rules, by_path):
    """A header with a library in it is for its own room."""
    foreign = {}  # path of a header -> the library's header that it brings

    def brings(path, trail):
        if path not in foreign:
            file = by_path[path]
            found = [i.name for i in file.includes if not i.quoted and rules.library_of(i.name) and i.name not in VOCABULARY]
            for include in file.includes:
                target = resolve(file, include, by_path) if include.quoted else None
                if not found and target and target not in trail:
                    found = [name for name in [brings(target, trail | {target})] if name]
            foreign[path] = found[0] if found else None
        return foreign[path]

    for file in files:
        for include in file.includes:
            target = resolve(file, include, by_path) if include.quoted and file.within_src else None
            if target and by_path[target].room != file.room and brings(target, {target}):
                yield Problem(file.path, include.line, f'"{include.name}" brings <{foreign[target]}> into another room')


# --- what a room may reach -------------------------------------------------------------------------------------------


def words(pattern):
    return re.compile(pattern)


OUTSIDE = [
    ("a clock", words(r"\b\w+\s*::\s*now\s*\(|\b(clock_gettime|gettimeofday|timespec_get)\b|(?:\bstd|(?<![\w>]))::\s*(time|clock)\s*\(")),
    ("waiting", words(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w>])::\s*(sleep|poll|select)\s*\(")),
    ("the environment", words(r"\b(getenv|secure_getenv|setenv|unsetenv|putenv|environ)\b")),
    ("files", words(r"\b(fopen|fdopen|freopen|tmpfile|mkstemp|opendir|[io]?fstream|filebuf)\b|\bstd\s*::\s*(filesystem\b|rename\s*\()")),
    ("a standard stream", words(r"\b(?:std\s*::\s*)(cout|cerr|clog|cin|wcout|wcerr)\b|\b(stdin|stdout|stderr)\b")),
    ("a standard stream", words(r"\b(v?f?printf|vd?printf|dprintf|puts|putchar|fputs|fputc|fwrite|fread|fgets|perror)\s*\(")),
    ("randomness", words(r"\b(random_device|getrandom|getentropy|arc4random\w*)\b|\b(s?rand|rand_r)\s*\(")),
    ("the system", words(r"(?<![\w>])::\s*(socket|connect|bind|listen|accept|send|recv|open|read|write|close|unlink|fork|execve?)\s*\(")),
    ("the network", words(r"\b(getaddrinfo|gethostbyname|gethostname|getnameinfo)\b")),
    ("a process", words(r"\bstd\s*::\s*(system|exit|_Exit|quick_exit|abort|signal|raise)\s*\(|\bpopen\s*\(")),
    ("a thread", words(r"\bstd\s*::\s*(thread|jthread|async|mutex|atomic)\b|\bthread_local\b")),
]
DOOR_USE = words(r"\b(Clock|Files|Environment|Random|Terminal|Interrupt|Log|Transport|Network|World)\s*[&*]")
THE_DOORS = "src/base/world.h"


def reaches_header(file, wanted, by_path, seen=None):
    seen = set() if seen is None else seen
    for include in file.includes:
        target = resolve(file, include, by_path) if include.quoted else None
        if target == wanted:
            return True
        if target and target not in seen:
            seen.add(target)
            if reaches_header(by_path[target], wanted, by_path, seen):
                return True
    return False


def check_reach(files, rules, by_path):
    for file in files:
        if file.room not in rules.rooms:
            continue
        reach = rules.reach_of(file)
        if reach == MACHINE:
            continue
        for what, pattern in OUTSIDE:
            for match in pattern.finditer(file.code):
                yield Problem(file.path, line_at(file.code, match.start()),
                              f"`{' '.join(match.group().split())}` is {what}, and this file reaches {reach} only ({README})")
        if reach == VALUES and reaches_header(file, THE_DOORS, by_path):
            for match in DOOR_USE.finditer(file.code):
                yield Problem(file.path, line_at(file.code, match.start()),
                              f"`{match.group(1)}` is a door, and this file reaches values only ({README})")


# --- CMake -----------------------------------------------------------------------------------------------------------

LISTED = re.compile(r"(?<![\w/${}.=-])([\w./-]+\.cpp)\b")
ROOM_CALL = re.compile(r"zonepin_room\(\s*(\w+)(.*?)\)", re.DOTALL)


def without_cmake_comments(text):
    return re.sub(r"#[^\n]*", "", text)


def check_cmake(root, files, rules):
    listed = {}
    scripts = [p for top in ("src", "tests") for name in ("CMakeLists.txt", "*.cmake") for p in (root / top).rglob(name)]
    for path in sorted(scripts):
        name = path.relative_to(root).as_posix()
        text = without_cmake_comments(path.read_text(encoding="utf-8"))
        for match in LISTED.finditer(text):
            target = Path(os.path.relpath(path.parent / match.group(1), root)).as_posix()
            listed.setdefault(target, []).append((name, line_at(text, match.start())))
        for match in ROOM_CALL.finditer(text):
            yield from check_uses(match, name, line_at(text, match.start()), rules)
    existing = {file.path for file in files if not file.is_header}
    for path in sorted(existing - set(listed)):
        yield Problem(path, 1, "is listed in no CMakeLists.txt and no *.cmake: nobody compiles it")
    for path, places in sorted(listed.items()):
        if path not in existing:
            yield Problem(*places[0], f"{path} is not there")


def check_uses(call, name, line, rules):
    room = call.group(1)
    if room not in rules.rooms:
        yield Problem(name, line, f"'{room}' is no room of {README}")
        return
    uses = re.search(r"\bUSES\b([\w\s]*?)(?:\b(?:SOURCES|LINKS)\b|$)", call.group(2))
    said = set(uses.group(1).split()) if uses else set()
    may = rules.rooms[room].may_include
    if said != may:
        wanted = " ".join(sorted(may)) or "nothing"
        yield Problem(name, line, f"{room} USES {' '.join(sorted(said)) or 'nothing'}, {README} says {wanted}")


def check_table(files, rules):
    """No row of the tables speaks of what is not there."""
    inner = {file.within_src for file in files if file.within_src}
    stems = {(file.room, Path(file.within_src).stem) for file in files if file.within_src}
    for name, room in rules.rooms.items():
        for other in sorted(room.may_include - set(rules.rooms)):
            yield Problem(README, room.line, f"'{other}' is no room")
        for stem in sorted(room.by_file):
            if (name, stem) not in stems:
                yield Problem(README, room.line, f"{name} has no {stem}.h and no {stem}.cpp")
    for library in rules.libraries.values():
        for user in sorted(library.users):
            if user not in inner and user not in rules.rooms:
                yield Problem(README, library.line, f"{user} is neither a room nor a file of src")


# --- small things ----------------------------------------------------------------------------------------------------

NOTE_TO_SELF = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def check_small_things(files):
    for file in files:
        lines = file.text.split("\n")
        if len(lines) - 1 > MAX_LINES:
            yield Problem(file.path, MAX_LINES + 1, f"{len(lines) - 1} lines, at most {MAX_LINES}: split it by idea")
        if file.is_header and len(re.findall(r"^#pragma once$", file.text, re.MULTILINE)) != 1:
            yield Problem(file.path, 1, "a header has one `#pragma once`")
        for match in re.finditer(r"^using namespace\b(?!.*_literals;)", file.code, re.MULTILINE):
            yield Problem(file.path, line_at(file.code, match.start()), "`using namespace` at file scope leaks into the unity build")
        for number, line in enumerate(lines, 1):
            if NOTE_TO_SELF.search(line):
                yield Problem(file.path, number, "notes to self belong in an issue")
            if line != line.rstrip() or "\t" in line:
                yield Problem(file.path, number, "a tab, or a blank at the line's end")
        if file.text and not file.text.endswith("\n"):
            yield Problem(file.path, len(lines), "the last line does not end")


# --- all of it -------------------------------------------------------------------------------------------------------


def read_files(root):
    paths = [p for top in ("src", "tests") for p in sorted((root / top).rglob("*")) if p.suffix in (".h", ".cpp")]
    return [SourceFile(p.relative_to(root).as_posix(), p.read_text(encoding="utf-8")) for p in paths]


def problems_of(root):
    rules = read_rules(root)
    if rules.problems:
        return rules.problems
    files = read_files(root)
    by_path = {file.path: file for file in files}
    found = [
        *check_table(files, rules),
        *check_rooms(files, rules),
        *check_targets(files, by_path),
        *check_cycles(files, by_path),
        *check_foreign_headers(files, rules),
        *check_private_headers(files, rules, by_path),
        *check_reach(files, rules, by_path),
        *check_cmake(root, files, rules),
        *check_small_things(files),
    ]
    if not files:
        found.append(Problem("src", 1, "holds no source file: is this the root of the tree?"))
    return sorted(set(found))


def main(arguments):
    if len(arguments) > 1 or any(word.startswith("-") for word in arguments):
        print(__doc__.strip(), file=sys.stderr)
        return 3
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    problems = problems_of(root)
    for problem in problems:
        print(f"{problem.file}:{problem.line}: {problem.why}")
    print(f"tidy: {len(problems)} out of order" if problems else "tidy: all in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
