#!/usr/bin/env python3
"""Packs a build and holds the .deb to what a package must do: hold everything, depend on what is really needed, please lintian, install into
an empty root, run from there, and leave nothing behind when it goes. Wants dpkg-dev; uses lintian, man and apt-get where they are.

    package_check.py BUILD_FOLDER"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request


class Wrong(Exception):
    pass


def run(*command, code=0, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600, **more)
    if done.returncode != code:
        raise Wrong(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def must(condition, why):
    if not condition:
        raise Wrong(why)


def pack(build, folder):
    run("cpack", "-G", "DEB", "-B", folder, cwd=build)
    debs = list(folder.glob("*.deb"))
    must(len(debs) == 1, f"cpack made {debs}")
    return debs[0]


def check_control(deb):
    fields = {name: run("dpkg-deb", "-f", deb, name).strip() for name in ("Package", "Version", "Depends", "Maintainer", "Architecture", "Installed-Size")}
    must(fields["Package"] == "zonepin" and re.fullmatch(r"\d+\.\d+\.\d+-\d+", fields["Version"]), fields)
    must(fields["Architecture"] == run("dpkg", "--print-architecture").strip(), fields)
    depends = [word.split()[0] for word in fields["Depends"].split(",")]
    for library in ("libc6", "libcurl4", "libssl3", "libyaml-cpp", "libspdlog", "libstdc++6", "libcpp-httplib"):
        must(any(name.startswith(library) for name in depends), f"Depends lacks {library}: {depends}")
    must(not any(name.endswith("-dev") for name in depends), depends)
    return fields


def check_dependencies_can_be_had(deb):
    if shutil.which("apt-get"):
        run("apt-get", "--simulate", "--no-download", "install", deb)


def check_lintian(deb):
    if shutil.which("lintian"):
        # There is no bug to close: this is nobody's upload to Debian.
        run("lintian", "--fail-on", "error,warning", "--suppress-tags", "initial-upload-closes-no-bugs", "--allow-root", deb)
    else:
        print("lintian is not here: not asked")


def dpkg(root, *arguments):
    run("dpkg", "--force-not-root", "--force-depends", f"--root={root}", "--log=/dev/null", *arguments)


def install(deb, root):
    for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers"):
        (root / folder).mkdir(parents=True)
    (root / "var/lib/dpkg/status").touch()
    dpkg(root, "--install", deb)
    status = run("dpkg-query", f"--admindir={root}/var/lib/dpkg", "--show", "--showformat", "${Status}", "zonepin")
    must(status == "install ok installed", status)


def check_programs(root, version):
    program = root / "usr/bin/zonepin"
    must(run(program, "version").strip() == "zonepin " + version, "another version than the package's")
    must(version in run(root / "usr/bin/zonepin-sim", "--version"), "zonepin-sim says another version")
    with subprocess.Popen([root / "usr/bin/zonepin-sim", "--demo", "--port", "0"], stdout=subprocess.PIPE, text=True) as sim:
        try:
            url = sim.stdout.readline().split()[-1]
            secret = sim.stdout.readline().strip().partition("=")[2]
            with urllib.request.urlopen(url + "/.well-known/okta-organization", timeout=10) as answer:
                must(answer.status == 200, answer.status)
            env = {"PATH": os.environ["PATH"], "OKTA_CLIENT_ORGURL": url, "OKTA_API_TOKEN": secret}
            manifests = root / "usr/share/doc/zonepin/manifests/quickstart"
            plan = json.loads(run(program, "plan", "--format=json", manifests, env=env))
            must(plan["resource_changes"], plan)
        finally:
            sim.terminate()


def commands_of(program, *of):
    text = run(program, *of, "--help")
    block = re.search(r"(?ms)^Subcommands:\n(.*?)\n\n", text)
    for name in re.findall(r"(?m)^  ([a-z][a-z-]*) ", block.group(1)) if block else []:
        yield from list(commands_of(program, *of, name)) or ["-".join([*of, name])]


def check_manual(root):
    pages = {path.name for path in (root / "usr/share/man/man1").iterdir()}
    wanted = {"zonepin.1.gz", "zonepin-sim.1.gz"} | {f"zonepin-{name}.1.gz" for name in commands_of(root / "usr/bin/zonepin")}
    must(pages == wanted, f"pages differ: {pages ^ wanted}")
    if shutil.which("man"):
        for page in sorted(pages):
            text = run("man", "--warnings=w", "-l", root / "usr/share/man/man1" / page, env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "80"})
            must("NAME" in text and page.split(".")[0] in text, f"{page} does not show: {text[:300]}")
    for path, shell in (("bash-completion/completions/zonepin", "bash"), ("zsh/vendor-completions/_zonepin", "zsh"),
                        ("fish/vendor_completions.d/zonepin.fish", "fish")):
        file = root / "usr/share" / path
        must(file.read_text() == run(root / "usr/bin/zonepin", "completion", shell), f"{path} is not what the program prints")


def check_texts(root):
    for name in ("usr/share/zonepin/schemas/manifest.schema.json", "usr/share/doc/zonepin/copyright", "usr/share/doc/zonepin/changelog.gz",
                 "usr/share/doc/zonepin/changelog.Debian.gz", "usr/share/doc/zonepin/docs/safety.md", "usr/share/doc/zonepin/README.md"):
        must((root / name).stat().st_size > 100, f"{name} is not there")


def needed_by(root):
    text = "".join(run("readelf", "--dynamic", "--wide", root / "usr/bin" / name) for name in ("zonepin", "zonepin-sim"))
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", text))


def check_sbom(root, version):
    bill = json.loads((root / "usr/share/zonepin/zonepin.cdx.json").read_text())
    must((bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.5", 1), bill)
    must(re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"]), bill["serialNumber"])
    must(bill["metadata"]["component"]["version"] == version, bill["metadata"])
    references = [component["bom-ref"] for component in bill["components"]]
    must(len(references) == len(set(references)), "one reference twice")
    must(bill["dependencies"] == [{"ref": "zonepin@" + version, "dependsOn": references}], bill["dependencies"])
    shared, headers = {}, set()
    for component in bill["components"]:
        must(component["type"] == "library" and component["version"], component)
        if component["properties"][0]["value"] == "shared":
            shared[component["name"]] = component["version"]
        else:
            must(component["licenses"][0]["license"]["id"], component)
            headers.add(component["name"])
    must(headers == {"nlohmann_json", "CLI11", "tl-expected"}, headers)
    for name, found in shared.items():
        must(run("dpkg-query", "--show", "--showformat", "${Version}", name) == found, f"{name} is not at {found}")
    files = "".join(run("dpkg-query", "--listfiles", name) for name in shared)
    for soname in needed_by(root):
        must("/" + soname + "\n" in files, f"{soname} is from none of {sorted(shared)}")


def check_nothing_is_left(root):
    dpkg(root, "--purge", "zonepin")
    left = [path for path in root.rglob("*") if "var/lib/dpkg" not in str(path) and path not in (root / "var", root / "var/lib")]
    must(not left, f"left behind: {left}")


def main(build):
    with tempfile.TemporaryDirectory(prefix="zonepin-package-") as scratch:
        scratch = pathlib.Path(scratch)
        (scratch / "deb").mkdir()
        root = scratch / "root"
        deb = pack(build, scratch / "deb")
        fields = check_control(deb)
        version = fields["Version"].split("-")[0]
        check_dependencies_can_be_had(deb)
        check_lintian(deb)
        install(deb, root)
        check_programs(root, version)
        check_manual(root)
        check_texts(root)
        check_sbom(root, version)
        check_nothing_is_left(root)
        print(f"{deb.name}: {deb.stat().st_size} bytes, installed, run and purged; depends on {fields['Depends']}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(pathlib.Path(sys.argv[1]).resolve())
    except Wrong as wrong:
        sys.exit(f"package_check: {wrong}")
