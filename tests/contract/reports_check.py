"""Holds the reports that zonepin writes against what each format asks for, with names in them that were crafted against it.

reports_check.py WRITER FOLDER

Parsers of others read them: Python's json and xml, html5lib, and cmark-gfm, which is what GitHub renders comments with. For
SARIF, JUnit, Code Quality and Block Kit no package brings a schema, so that what they require stands here.
"""

import json
import pathlib
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

import cmarkgfm
import html5lib
import jsonschema
from cmarkgfm.cmark import Options

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["error", "warning", "note"]}
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {
            "type": "object",
            "required": ["tool", "results", "invocations", "automationDetails", "columnKind"],
            "additionalProperties": False,
            "properties": {
                "tool": {"type": "object", "required": ["driver"], "properties": {"driver": {
                    "type": "object", "required": ["name", "version", "rules"],
                    "properties": {"rules": {"type": "array", "items": {
                        "type": "object", "additionalProperties": False,
                        "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
                        "properties": {
                            "id": {"type": "string", "pattern": "^[a-z0-9_-]+$"},
                            "shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT,
                            "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
                            "properties": {"type": "object"}}}}}}}},
                "invocations": {"type": "array", "items": {
                    "type": "object", "required": ["executionSuccessful"],
                    "properties": {
                        "executionSuccessful": {"type": "boolean"}, "exitCode": {"type": "integer"},
                        "endTimeUtc": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
                        "toolExecutionNotifications": {"type": "array", "items": {
                            "type": "object", "required": ["message"], "properties": {"message": TEXT, "level": LEVEL}}}}}},
                "automationDetails": {"type": "object", "required": ["id"]},
                "originalUriBaseIds": {"type": "object"},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "properties": {"type": "object"},
                "results": {"type": "array", "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
                    "properties": {
                        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": TEXT,
                        "baselineState": {"enum": ["new", "unchanged"]},
                        "suppressions": {"type": "array", "items": {
                            "type": "object", "required": ["kind"],
                            "properties": {"kind": {"enum": ["inSource", "external"]}, "status": {"enum": ["accepted"]}}}},
                        "properties": {"type": "object"},
                        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9a-f:]+$"}},
                        "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": {
                            "type": "object", "required": ["physicalLocation"],
                            "properties": {
                                "physicalLocation": {
                                    "type": "object", "required": ["artifactLocation", "region"],
                                    "properties": {
                                        "artifactLocation": {"type": "object", "required": ["uri"], "properties": {
                                            "uri": {"type": "string", "pattern": "^(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"},
                                            "uriBaseId": {"const": "%SRCROOT%"}}},
                                        "region": {"type": "object", "required": ["startLine"],
                                                   "properties": {"startLine": {"type": "integer", "minimum": 1}}}}},
                                "logicalLocations": {"type": "array", "items": {
                                    "type": "object", "required": ["name", "fullyQualifiedName", "kind"]}}}}}}}}}}},
    },
}
CODE_QUALITY = {"type": "array", "items": {
    "type": "object", "additionalProperties": False,
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string", "minLength": 1}, "check_name": {"type": "string", "pattern": "^[a-z0-9_-]+$"},
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {"type": "object", "required": ["path", "lines"], "properties": {
            "path": {"type": "string", "minLength": 1},
            "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}}}}}}
PLAIN = {"type": "object", "required": ["type", "text"], "properties": {
    "type": {"const": "plain_text"}, "text": {"type": "string", "minLength": 1, "maxLength": 150}}}
SLACK = {
    "type": "object", "additionalProperties": False, "required": ["text", "blocks"],
    "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 300}, "blocks": {
        "type": "array", "minItems": 2, "maxItems": 50, "items": {"anyOf": [
            {"type": "object", "properties": {"type": {"const": "header"}, "text": PLAIN}},
            {"type": "object", "properties": {"type": {"const": "section"}, "text": {
                "type": "object", "required": ["type", "text", "verbatim"], "properties": {
                    "type": {"const": "mrkdwn"}, "verbatim": {"const": True}, "text": {"type": "string", "minLength": 1, "maxLength": 3000}}}}},
            {"type": "object", "properties": {"type": {"const": "context"}, "elements": {"type": "array", "maxItems": 10, "items": PLAIN}}},
        ]}}},
}

HTML_TAGS = set("html head meta title style body main h1 h2 h3 p ul li a section span b bdi code dl dt dd".split())
HTML_ATTRIBUTES = {"class", "id", "href", "lang", "charset", "name", "content", "http-equiv"}
MARKDOWN_TAGS = {"html", "head", "body", "h3", "p", "ul", "li", "code", "strong", "details", "summary"}


class Wrong(Exception):
    pass


def want(condition, why):
    if not condition:
        raise Wrong(why)


def want_visible(text, also=""):
    """No character that a terminal or a reader's eye would be led by."""
    for character in text:
        if character == "\n" or character in also:
            continue
        category = unicodedata.category(character)
        want(category not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp"), f"U+{ord(character):04X} gets through")
        want(not 0xFDD0 <= ord(character) <= 0xFDEF and ord(character) & 0xFFFE != 0xFFFE, "a noncharacter gets through")


def want_no_log_command(text):
    """GitHub takes ##[ and Azure ##vso[ wherever they stand in a line, and :: at its beginning."""
    want(not re.search(r"##(\[|[a-zA-Z])", text), "a log command stands in a line")
    for line in text.split("\n"):
        want(not re.match(r"\s*::[a-zA-Z][^:]*.*::", line), f"a workflow command starts a line: {line[:80]!r}")


def ascii_json(data):
    text = data.decode("ascii")
    want("\x1b" not in text and "\r" not in text, "control characters in JSON")
    want_no_log_command(text)
    return text


def check_json(data, _):
    document = json.loads(ascii_json(data))
    want(document["format_version"] == "1.0", "no format version")
    rules = {rule["id"] for rule in document["rules"]}
    want(all(item["rule"] in rules for item in document["items"]), "an item of no rule")
    want(len({item["fingerprint"] for item in document["items"]}) == len(document["items"]), "fingerprints are not unique")


def check_jsonl(data, name):
    lines = [json.loads(line) for line in ascii_json(data).split("\n")[:-1]]
    want(all(line["type"] in ("item", "result") for line in lines[:-1]), "a line of another type")
    want(lines[-1]["type"] == "summary", "no summary at the end")
    if name.startswith("apply-all"):
        want({line["type"] for line in lines[:-1]} == {"result"}, "an apply tells results")


def check_sarif(data, name):
    document = json.loads(ascii_json(data))
    jsonschema.Draft7Validator(SARIF).validate(document)
    run = document["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    want(len(rules) == len(set(rules)), "a rule twice")
    prints = [result["partialFingerprints"]["zonepin/v1"] for result in run["results"]]
    want(len(prints) == len(set(prints)), "fingerprints are not unique")
    for result in run["results"]:
        want(rules[result["ruleIndex"]] == result["ruleId"], "ruleIndex names another rule")
        want_visible(result["message"]["text"])
        want(len(result["message"]["text"]) < 3000, "a message is very long")
    if name == "drift-fleet":
        want(not run["invocations"][0]["executionSuccessful"], "two orgs were not read")
        want(len(run["invocations"][0]["toolExecutionNotifications"]) == 2, "which is said of each")
    if name == "check-states":
        waived = [result for result in run["results"] if "suppressions" in result]
        want(len(waived) == 1 and waived[0]["suppressions"][0]["justification"].startswith("accepted until"), "a waiver suppresses")


def check_codequality(data, _):
    issues = json.loads(ascii_json(data))
    jsonschema.Draft7Validator(CODE_QUALITY).validate(issues)
    want(len({issue["fingerprint"] for issue in issues}) == len(issues), "fingerprints are not unique")
    for issue in issues:
        want_visible(issue["description"] + issue["location"]["path"])


def check_slack(data, name):
    message = json.loads(ascii_json(data))
    jsonschema.Draft7Validator(SLACK).validate(message)
    lines = []
    for block in message["blocks"]:
        text = block["text"]["text"] if "text" in block else block["elements"][0]["text"]
        want_visible(text)
        lines += text.split("\n")
        if block["type"] != "section":
            continue
        want("<" not in text and ">" not in text, "an entity that is none")
        want(not re.search(r"&(?!amp;|lt;|gt;)", text), "a bare ampersand")
        for line in text.split("\n"):
            outside = line.split("`")
            want(len(outside) % 2 == 1, "a code span without its end")
            want(not re.search(r"[*_~@#]|https?:|:\w+:", " ".join(outside[::2])), f"markup outside of code: {line[:100]}")
    want(len(lines) <= 14, f"{len(lines)} lines")


def check_junit(data, name):
    want(b"<!" not in data.replace(b"<!--", b"") or name == "", "a declaration")
    root = ElementTree.fromstring(data.decode("utf-8"))
    want_visible(data.decode("utf-8"))
    want_no_log_command(data.decode("utf-8"))
    # The schema of Jenkins' xUnit plugin, which refuses what it does not know, has no `skipped` here.
    want(root.tag == "testsuites" and set(root.attrib) == {"name", "tests", "failures", "errors", "time"}, "the root")
    totals = dict.fromkeys(("tests", "failures", "errors"), 0)
    for suite in root:
        want(suite.tag == "testsuite" and {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"} <= set(suite.attrib), "a suite")
        counted = {"tests": len(suite), "failures": len(suite.findall("testcase/failure")), "errors": len(suite.findall("testcase/error")),
                   "skipped": len(suite.findall("testcase/skipped"))}
        for key, value in counted.items():
            want(int(suite.get(key)) == value, f"{key} says {suite.get(key)}, there are {value}")
            if key in totals:
                totals[key] += value
        names = [case.get("name") for case in suite]
        want(len(names) == len(set(names)), f"two cases of one name: {sorted(one for one in names if names.count(one) > 1)[:4]}")
        for case in suite:
            want(case.tag == "testcase" and set(case.attrib) == {"name", "classname", "time"}, "a case")
            want([child.tag for child in case] in ([], ["failure"], ["error"], ["skipped", "system-out"], ["system-out"]), "children of a case")
            for bad in case.findall("failure") + case.findall("error"):
                want({"message", "type"} == set(bad.attrib), "a failure")
    for key, value in totals.items():
        want(int(root.get(key)) == value, f"all {key}")


def check_github(data, name):
    text = data.decode("utf-8")
    want_visible(text)
    want(not re.search(r"##(\[|[a-zA-Z])", text), "an old command")
    lines = text.split("\n")[:-1]
    want(len(lines) <= 31, f"{len(lines)} lines")
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ((?:file=[^:,]+,line=\d+,(?:col=\d+,)?)?title=[^:,]+)::(.+)", line)
        want(match, f"no workflow command: {line[:120]}")
        want(not re.search(r"%(?!25|0D|0A|3A|2C)", match.group(2)), "a bare percent sign")
        want(not re.search(r"%(?!25|0D|0A)", match.group(3)), "a bare percent sign in the data")
        # What a runner makes of it holds no line break and no second command at its start.
        data_of = match.group(3).replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        want("\n" not in data_of and "\r" not in data_of, "a line break")
    if name == "plan-big":
        want("more findings" in lines[-1], "what was left out is counted")


def check_text(data, _):
    text = data.decode("utf-8")
    want_visible(text)
    want_no_log_command(text)
    widths = (sum(unicodedata.category(character) != "Mn" for character in line) for line in text.split("\n"))
    want(max(widths) <= 100, "a line is too wide")


def tags_and_attributes(tree):
    for element in tree.iter():
        if isinstance(element.tag, str):
            yield element.tag.split("}")[-1], {key.split("}")[-1]: value for key, value in element.attrib.items()}


def check_html(data, name):
    text = data.decode("utf-8")
    want_visible(text)
    want_no_log_command(text)
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(text)
    for tag, attributes in tags_and_attributes(tree):
        want(tag in HTML_TAGS, f"<{tag}>")
        want(set(attributes) <= HTML_ATTRIBUTES, f"attributes of <{tag}>: {set(attributes)}")
        want(re.fullmatch(r"#org-\d+", attributes.get("href", "#org-1")), "a link that leaves the page")
    want("default-src 'none'" in text and "url(" not in text and "@import" not in text, "the page asks for something")
    if name == "plan-big":
        want("more are left out of this page" in text, "what was left out is counted")


def check_markdown(data, name):
    text = data.decode("utf-8")
    want_visible(text)
    want_no_log_command(text)
    want(len(text.encode("utf-16-le")) // 2 <= 65_000, "too long for a comment")
    want(text.startswith("<!-- zonepin:"), "no mark to find the comment by")
    rendered = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    tree = html5lib.parse(rendered, namespaceHTMLElements=False)
    for tag, attributes in tags_and_attributes(tree):
        want(tag in MARKDOWN_TAGS, f"<{tag}> came about")
        want(not attributes, f"attributes of <{tag}>: {attributes}")
    outside = []

    def walk(element):
        if element.tag == "code" or not isinstance(element.tag, str):
            return
        outside.append(element.text or "")
        for child in element:
            walk(child)
            outside.append(child.tail or "")

    walk(tree)
    prose = " ".join(outside)
    for pattern in (r"@\w", r"#\d", r"GH-\d", r"https?:", r"www\.", r":\w+:", r"\$", r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b(?!Z)"):
        found = re.search(pattern, prose)
        want(not found, f"{pattern} outside of code: {prose[max(0, found.start() - 40):found.end() + 20]!r}" if found else "")
    if name == "plan-big":
        want("left out here" in text, "what was left out is counted")


CHECKS = {"text": check_text, "json": check_json, "jsonl": check_jsonl, "markdown": check_markdown, "html": check_html, "sarif": check_sarif,
          "junit": check_junit, "github": check_github, "codequality": check_codequality, "slack": check_slack}


def main(writer, folder):
    folder = pathlib.Path(folder)
    subprocess.run([writer, str(folder)], check=True)
    cases = sorted({path.stem for path in folder.iterdir()})
    wrong = 0
    for case in cases:
        for name, check in CHECKS.items():
            try:
                check((folder / f"{case}.{name}").read_bytes(), case)
            except (Wrong, ValueError, KeyError, jsonschema.ValidationError, ElementTree.ParseError, html5lib.html5parser.ParseError) as error:
                wrong += 1
                print(f"{case}.{name}: {type(error).__name__}: {str(error)[:300]}")
    print(f"{len(cases)} reports in {len(CHECKS)} formats, {wrong} wrong")
    return 1 if wrong or len(cases) < 20 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
