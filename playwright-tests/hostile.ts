import { type Json, type Run, canonical, named, pack, unpack } from "./cards.ts";
import type { Chosen } from "./pages/card.ts";

/** A card or link that lies, what the page must say of it, and what it must show. */
export interface Hostile {
    /** A sentence of its own cause. */
    name: string;
    /** The link's part after #, or files that are chosen together. */
    make: (signed: Run) => string | Chosen[];
    /** The page's heading. */
    heading: string | RegExp;
    /** Other texts on the page. */
    says?: (string | RegExp)[];
}

type Tree = { [key: string]: Json };
const link = (run: Run) => unpack(run.link);
const tree = (run: Run) => JSON.parse(link(run)) as Tree;
/** The link's text with one part changed. */
const text = (from: string | RegExp, to: string) => (run: Run) => {
    const changed = link(run).replace(from, () => to);
    if (changed === link(run)) throw new Error(`the link has no ${from}`);
    return pack(changed);
};
/** The link's values changed, canonical again, without the signature. */
const values = (change: (tree: Tree) => void) => (run: Run) => {
    const { k: _, ...changed } = tree(run);
    change(changed);
    return pack(canonical(changed));
};
/** The same with the signature that no longer fits. */
const kept = (change: (tree: Tree) => void) => (run: Run) => {
    const changed = tree(run);
    change(changed);
    return pack(canonical(changed));
};
const rows = (tree: Tree) => tree["r"] as Json[][];
const first = (tree: Tree) => rows(tree)[0] as Json[];
const list = (tree: Tree, key: string) => tree[key] as Json[];
/** A result whose score and limits are stated, not derived: 23 of 24. */
const stated = (score: number, lower: number, upper: number) =>
    values((t) => {
        delete t["o"];
        t["r"] = [["A01", "LPx", "accuracy", 12, 24, 0, 0, 0, 0, 6, 80, score, lower, upper, 2500]];
    });
const file = (name: string, content: string | Buffer): Chosen => ({ name, text: content });
const card = (change: (card: Tree) => void) => (run: Run) => {
    const { sig: _, ...changed } = JSON.parse(run.card) as Tree;
    change(changed);
    return [file("card.json", named(changed))];
};
const both = (change: (card: Tree) => void) => (run: Run) => [...card(change)(run), file("samples.jsonl", run.samples)];
const samples = (change: (text: string) => string) => (run: Run) => [file("card.json", run.card), file("samples.jsonl", change(run.samples))];
const results = (card: Tree) => card["results"] as Tree[];

const SCRIPT = "<script>ran()</script>";
const IMAGE = "\"><img src=x onerror=ran()>";
const MARKUP = "</bdi></p></article><svg onload=ran()><foreignObject>";
const WRONG = "The signature is wrong: changed after signing, or not this key.";

/** Links that give no card. */
export const BAD_LINKS: Hostile[] = [
    { name: "a version and nothing after it", make: () => "1.", heading: "The link is cut off" },
    { name: "the end is missing", make: (run) => run.link.slice(0, -3), heading: "The link is cut off" },
    { name: "one character holds bits that no byte has", make: () => "1.AB", heading: "The link is cut off" },
    { name: "a character that no link has", make: (run) => `${run.link.slice(0, 40)}!${run.link.slice(41)}`, heading: "The link is damaged at character 41" },
    { name: "percent signs of a chat program", make: (run) => run.link.replace(".", "%2E"), heading: "The link is damaged at character 1" },
    { name: "no version at all", make: (run) => run.link.slice(2), heading: "The link is damaged at character 1" },
    { name: "a line of another script", make: (run) => `${run.link.slice(0, 10)}\u0430${run.link.slice(11)}`, heading: "The link is damaged at character 11" },
    { name: "a version to come", make: (run) => run.link.replace("1.", "2."), heading: "The link is of a newer format", says: ["this copy reads 1", "Save what came as a file"] },
    { name: "more characters than are read", make: () => `1.${"A".repeat(16_384)}`, heading: "The link is over a limit", says: ["16384"] },
    { name: "it unpacks to 256 KiB and one byte", make: () => pack(" ".repeat(256 * 1024 + 1)), heading: "The link is over a limit", says: ["262144 bytes"] },
    { name: "it unpacks to a thousand times its size", make: () => pack(Buffer.alloc(8_000_000)), heading: "The link is over a limit" },
    { name: "no deflate stream", make: () => "1.____", heading: "The link is damaged", says: ["cannot be unpacked"] },
    { name: "two bytes after the end", make: (run) => `1.${Buffer.concat([Buffer.from(run.link.slice(2), "base64url"), Buffer.alloc(2)]).toString("base64url")}`, heading: "Something follows the end of the link", says: ["2 bytes"] },
    { name: "a second stream after the first", make: (run) => `1.${Buffer.concat([run.link, run.link].map((l) => Buffer.from(l.slice(2), "base64url"))).toString("base64url")}`, heading: "Something follows the end of the link" },
    { name: "a byte order mark", make: (run) => pack(`\ufeff${link(run)}`), heading: "The card begins with a byte order mark" },
    { name: "bytes that are no UTF-8", make: () => pack(Buffer.from([0x7b, 0xff, 0x7d])), heading: "This is no card: it cannot be read", says: ["byte 1"] },
    { name: "words instead of JSON", make: () => pack("hello"), heading: "This is no card: it cannot be read" },
    { name: "JSON that stops in the middle", make: (run) => pack(link(run).slice(0, -1)), heading: "This is no card: it cannot be read" },
    { name: "an empty object", make: () => pack("{}"), heading: "The card does not follow the schema", says: ["missing field"] },
    { name: "a list", make: () => pack("[]"), heading: "The card does not follow the schema" },
    { name: "17 levels of nesting", make: () => pack(`${"[".repeat(17)}${"]".repeat(17)}`), heading: "The card is over a limit", says: ["deeper than 16 levels"] },
    { name: "a key twice", make: text("\"d\":", "\"d\":1,\"d\":"), heading: "The card names a key twice", says: ["`d`"] },
    { name: "a key twice, the second time in escapes", make: text("\"d\":", "\"\\u0064\":1,\"d\":"), heading: "The card names a key twice" },
    { name: "a space between key and value", make: text("\"d\":", "\"d\": "), heading: "The card is not in canonical form" },
    { name: "keys in another order", make: (run) => pack(JSON.stringify(Object.fromEntries(Object.entries(tree(run)).reverse()))), heading: "The card is not in canonical form" },
    { name: "a letter as an escape", make: text("\"t\":\"s", "\"t\":\"\\u0073"), heading: "The card is not in canonical form" },
    { name: "minus zero", make: text(/"l":\[[^\]]*\]/, "\"l\":[-0]"), heading: "The card is not in canonical form" },
    { name: "a number beyond all doubles", make: text(/"l":\[[^\]]*\]/, "\"l\":[1e999]"), heading: "This is no card: it cannot be read", says: ["number out of range"] },
    { name: "not a number", make: text(/"l":\[[^\]]*\]/, "\"l\":[NaN]"), heading: "This is no card: it cannot be read" },
    { name: "1e308", make: text(/"l":\[[^\]]*\]/, "\"l\":[1e308]"), heading: "The card holds a number that other readers would change" },
    { name: "2 to the 53rd", make: text(/"l":\[[^\]]*\]/, "\"l\":[9007199254740992]"), heading: "The card holds a number that other readers would change", says: ["9007199254740992"] },
    { name: "half a surrogate pair", make: text("\"t\":\"s", "\"t\":\"\\ud800s"), heading: "This is no card: it cannot be read", says: ["surrogate"] },
    { name: "half an item right", make: values((t) => { first(t)[3] = 22.5; }), heading: "The card does not follow the schema" },
    { name: "fewer than no items", make: values((t) => { first(t)[3] = -1; }), heading: "The card does not follow the schema" },
    { name: "a key that nobody knows", make: values((t) => { t["w"] = 1; }), heading: "The card does not follow the schema", says: ["unknown field `w`"] },
    { name: "a key of the language", make: (run) => pack(link(run).replace("{", "{\"__proto__\":{\"polluted\":1},")), heading: /The card (is not in canonical form|does not follow the schema)/ },
    { name: "another projection", make: values((t) => { t["v"] = "c2"; }), heading: "The card does not follow the schema", says: ["c2"] },
    { name: "no title but null", make: values((t) => { t["t"] = null; }), heading: "The card does not follow the schema" },
    { name: "an empty title", make: values((t) => { t["t"] = ""; }), heading: "The card breaks rules of the schema", says: ["1 to 120 characters"] },
    { name: "a title of 121 characters", make: values((t) => { t["t"] = "x".repeat(121); }), heading: "The card breaks rules of the schema", says: ["found 121"] },
    { name: "a text of 2,001 characters", make: values((t) => { list(t, "m")[0] = "x".repeat(2001); }), heading: "The card breaks rules of the schema", says: ["m[0]"] },
    { name: "an identity by another hash", make: values((t) => { t["i"] = "md5:00"; }), heading: "The card breaks rules of the schema", says: ["md5:00"] },
    { name: "a short hash that is too short", make: values((t) => { list(t, "u")[2] = "AAAA"; }), heading: "The card breaks rules of the schema", says: ["a short hash of 22 characters"] },
    { name: "513 results", make: values((t) => { delete t["o"]; t["r"] = Array.from({ length: 513 }, () => [...first(t)]); }), heading: "The card breaks rules of the schema", says: ["at most 512 rows"] },
    { name: "more than ten broken rules", make: values((t) => { t["r"] = rows(t).map((row) => [...row.slice(0, 3), 99, ...row.slice(4)]); t["i"] = "x"; t["t"] = ""; list(t, "u")[2] = ""; list(t, "m")[2] = ""; }), heading: "The card's numbers contradict each other", says: ["the first 10"] },
    { name: "more right than asked", make: values((t) => { first(t)[3] = 25; }), heading: "The card's numbers contradict each other", says: ["counts of at most n"] },
    { name: "outcomes that give another count", make: values((t) => { first(t)[3] = (first(t)[3] as number) - 1; }), heading: "The card's numbers contradict each other", says: ["outcomes that give the counts of its row"] },
    { name: "outcomes of fewer items", make: values((t) => { (t["o"] as Tree)["A01/LPx"] = "AAAA"; }), heading: "The card's numbers contradict each other", says: ["o.A01/LPx"] },
    { name: "outcomes of a task that has no result", make: values((t) => { (t["o"] as Tree)["Z99/LPx"] = "AAAA"; }), heading: "The card's numbers contradict each other", says: ["one entry for each row"] },
    { name: "a baseline with more right than items", make: values((t) => { first(t)[9] = 25; }), heading: "The card's numbers contradict each other", says: ["a baseline of at most n"] },
    { name: "a threshold of 255%", make: values((t) => { first(t)[10] = 255; }), heading: "The card's numbers contradict each other", says: ["shares from 0 to 1"] },
    { name: "a trillion items", make: values((t) => { delete t["o"]; first(t)[4] = 2 ** 40; }), heading: "The card's numbers contradict each other", says: ["1099511627776"] },
    { name: "an address of another host", make: () => "src=https%3A%2F%2Fexample.org%2Fcard.json", heading: "The reference is damaged", says: ["It has no part `h=`."] },
    { name: "a hash and an address of another host", make: () => `h=${"a".repeat(64)}&src=https%3A%2F%2Fexample.org%2Fcard.json`, heading: "A card elsewhere", says: ["The card lies on example.org"] },
];

/** Links that give a card, which must say what is wrong with it, or show what would do harm as text. */
export const LYING_LINKS: Hostile[] = [
    { name: "a title changed after signing", make: kept((t) => { t["t"] = "Better"; }), heading: "Better", says: [WRONG, "self-reported"] },
    { name: "a count changed after signing", make: kept((t) => { delete t["o"]; first(t)[3] = 24; }), heading: /sweetspot/, says: [WRONG] },
    { name: "a signature of another key", make: kept((t) => { list(t, "k")[0] = Buffer.alloc(32, 7).toString("base64url"); }), heading: /sweetspot/, says: [WRONG] },
    { name: "a key that fits every message", make: kept((t) => { t["k"] = [Buffer.from([1, ...Buffer.alloc(31)]).toString("base64url"), Buffer.alloc(64).toString("base64url")]; }), heading: /sweetspot/, says: [WRONG] },
    { name: "a signature of three characters", make: kept((t) => { list(t, "k")[1] = "abc"; }), heading: /sweetspot/, says: [WRONG] },
    { name: "a stated score that its counts do not give", make: stated(9_900, 9_000, 10_000), heading: /sweetspot/, says: ["contradicts its own data", "0.9900", "0.5000"] },
    { name: "stated limits that leave the score out", make: stated(5_000, 6_000, 7_000), heading: /sweetspot/, says: ["contradicts its own data", "0.6000 to 0.7000"] },
    { name: "a result twice", make: values((t) => { delete t["o"]; rows(t).push(first(t)); }), heading: /sweetspot/, says: ["a result that comes twice"] },
    { name: "a gate that failed, with scores", make: values((t) => { list(t, "g")[5] = "fail"; }), heading: /sweetspot/, says: ["No score is shown", "FAILED"] },
    { name: "a gate that passed on numbers that fail", make: values((t) => { t["g"] = [24, 12, 3, 1, 1, "pass"]; }), heading: /sweetspot/, says: ["No score is shown", "its own numbers rule it out"] },
    { name: "a script for a title", make: values((t) => { t["t"] = SCRIPT; }), heading: SCRIPT },
    { name: "an image for a model", make: values((t) => { list(t, "m")[0] = IMAGE; }), heading: /sweetspot/, says: [IMAGE] },
    { name: "an address that runs for a suite", make: values((t) => { list(t, "u")[0] = "javascript:ran()"; }), heading: /sweetspot/, says: ["javascript:ran()"] },
    { name: "end tags and a drawing for a mode", make: values((t) => { delete t["o"]; first(t)[1] = MARKUP; }), heading: /sweetspot/, says: [MARKUP] },
    { name: "a template for a task", make: values((t) => { delete t["o"]; first(t)[0] = "{{constructor.constructor('ran()')()}}"; }), heading: /sweetspot/, says: ["{{constructor.constructor('ran()')()}}"] },
    { name: "a name of the language for a task", make: values((t) => { delete t["o"]; first(t)[0] = "__proto__"; }), heading: /sweetspot/, says: ["__proto__"] },
    { name: "markup for a flag", make: values((t) => { t["f"] = [`flag:${IMAGE}`]; }), heading: /sweetspot/, says: [`Flag: flag:${IMAGE}`] },
    { name: "a title that turns its text around", make: values((t) => { t["t"] = "a\u202elmth.exe"; }), heading: "a\\u{202e}lmth.exe" },
    { name: "a title with hidden letters", make: values((t) => { t["t"] = "zero\u200bwidth\ufeff"; }), heading: "zero\\u{200b}width\\u{feff}" },
    { name: "a title with controls of a terminal", make: values((t) => { t["t"] = "\u001b[31mred\u0000"; }), heading: "\\u{1b}[31mred\\u{0}" },
    { name: "a date beyond the year 9999", make: values((t) => { t["d"] = 2 ** 53 - 1; }), heading: /sweetspot/, says: ["not a date"] },
    { name: "a limitation of a later version", make: values((t) => { t["l"] = [4_294_967_295]; }), heading: /sweetspot/, says: ["Limitation 4294967295, which this copy does not know."] },
    { name: "a task of no items", make: values((t) => { delete t["o"]; t["r"] = [["A01", "LPx", "accuracy", 0, 0, 0, 0, 0, 0, null, 80]]; }), heading: /sweetspot/, says: ["0/0", "undecided"] },
    { name: "a view that holds markup", make: (run) => `${run.link}&q=${encodeURIComponent(IMAGE)}&task=${encodeURIComponent(SCRIPT)}&f=${encodeURIComponent(MARKUP)}&sort=x&&&=`, heading: /sweetspot/, says: ["0 of 3 results shown"] },
    { name: "a view that says no UTF-8", make: (run) => `${run.link}&q=%ff%fe`, heading: /sweetspot/, says: ["0 of 3 results shown"] },
];

/** Files that are no card, or lie. */
export const BAD_FILES: Hostile[] = [
    { name: "an empty file", make: () => [file("card.json", "")], heading: "This is no card: it cannot be read" },
    { name: "a picture", make: () => [file("card.json", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]))], heading: "This is no card: it cannot be read", says: ["byte 0"] },
    { name: "a page", make: () => [file("card.html", `<!doctype html>${SCRIPT}`)], heading: "This is no card: it cannot be read" },
    { name: "a file that an editor marked", make: (run) => [file("card.json", `\ufeff${run.card}`)], heading: "The card begins with a byte order mark" },
    { name: "a line feed at the end", make: (run) => [file("card.json", `${run.card}\n`)], heading: "The card is not in canonical form" },
    { name: "a file that was laid out to be read", make: (run) => [file("card.json", JSON.stringify(JSON.parse(run.card), null, 2))], heading: "The card is not in canonical form" },
    { name: "a megabyte and one byte", make: () => [file("card.json", " ".repeat(1024 * 1024 + 1))], heading: "The card is over a limit", says: ["1048577 bytes"] },
    { name: "a million results", make: (run) => [file("card.json", run.card.replace("\"results\":[", `"results":[${"{},".repeat(1_000_000)}`))], heading: "The card is over a limit" },
    { name: "lists in lists", make: (run) => [file("card.json", run.card.replace("\"results\":[", `"results":[${"[".repeat(500)}${"]".repeat(500)},`))], heading: "The card is over a limit", says: ["deeper than 16 levels"] },
    { name: "a key of the card twice", make: (run) => [file("card.json", run.card.replace("\"kind\":", "\"kind\":\"run\",\"kind\":"))], heading: "The card names a key twice" },
    { name: "a digit changed, the identity kept", make: (run) => [file("card.json", run.card.replace("\"attempted\":72", "\"attempted\":71"))], heading: "This is not the card it is named after" },
    { name: "another schema", make: card((c) => { c["schema"] = "benchcard/2"; }), heading: /The card (breaks rules|does not follow)/ },
    { name: "a kind that this version does not read", make: card((c) => { c["kind"] = "dream"; }), heading: "The card is of a kind that this page does not show", says: ["dream"] },
    { name: "more right than asked in a file", make: card((c) => { (results(c)[0] as Tree)["k"] = 99; }), heading: "The card's numbers contradict each other" },
    { name: "a digit changed, and the identity with it", make: both((c) => { (results(c)[0] as Tree)["k"] = (results(c)[0] as Tree)["k"] === 20 ? 19 : 20; }), heading: /sweetspot/, says: ["contradicts its own data", "results[0].k: stated as", "WRONG"] },
    { name: "a verdict that its numbers do not give", make: card((c) => { (results(c)[0] as Tree)["verdict"] = "use"; (results(c)[1] as Tree)["verdict"] = "use"; }), heading: /sweetspot/, says: ["verdict: stated as use", "self-reported"] },
    { name: "a script for a file's title", make: card((c) => { c["title"] = SCRIPT; }), heading: SCRIPT },
    { name: "an image for a file's summary", make: card((c) => { c["summary"] = IMAGE; }), heading: /sweetspot/, says: [IMAGE] },
    { name: "an address that runs for a place to fetch from", make: card((c) => { (c["repro"] as Tree)["url"] = "javascript:ran()"; }), heading: /sweetspot/, says: ["javascript:ran()"] },
    { name: "end of a style for an evaluator", make: card((c) => { (c["evaluator"] as Tree)["source_organization_name"] = `</style>${SCRIPT}`; }), heading: /sweetspot/, says: [`</style>${SCRIPT}`] },
    { name: "a text that turns around for a command", make: card((c) => { (c["repro"] as Tree)["command"] = "sweetspot\u202egnp.exe"; }), heading: /sweetspot/, says: ["sweetspot\\u{202e}gnp.exe"] },
    { name: "a signature over something else", make: (run) => [file("card.json", canonical({ ...(JSON.parse(named(JSON.parse(run.card) as Tree)) as Tree), sig: { ...((JSON.parse(run.card) as Tree)["sig"] as Tree), cid: "0".repeat(64) } }))], heading: /sweetspot/, says: [WRONG] },
    { name: "samples of a line that is none", make: samples((s) => s.replace("{", "[")), heading: "Line 1 of the samples is refused" },
    { name: "samples cut off", make: samples((s) => s.slice(0, -10)), heading: /(The samples file is cut off or edited|Line 72 of the samples is refused)/ },
    { name: "samples with an empty line", make: samples((s) => s.replace("\n", "\n\n")), heading: "The samples file is cut off or edited", says: ["an empty line"] },
    { name: "a sample of more than 64 KiB", make: samples((s) => `{"a":"${"x".repeat(64 * 1024)}"}\n${s}`), heading: "Line 1 of the samples is refused", says: ["65536"] },
    { name: "a sample left out", make: samples((s) => s.slice(s.indexOf("\n") + 1)), heading: /sweetspot/, says: ["contradicts its own data"] },
    { name: "a sample twice", make: samples((s) => s.slice(0, s.indexOf("\n") + 1) + s), heading: /sweetspot/, says: ["each item once"] },
    { name: "a script for an answer", make: samples((s) => s.replace(/"sample_id":"[^"]*"/, `"sample_id":${JSON.stringify(IMAGE)}`)), heading: /sweetspot/, says: ["contradicts its own data"] },
    { name: "two cards at once", make: (run) => [file("a.json", run.card), file("b.json", run.card)], heading: "These files cannot be opened together", says: ["2 files of cards"] },
    { name: "samples alone", make: (run) => [file("samples.jsonl", run.samples)], heading: "These files cannot be opened together", says: ["without its card"] },
];
