// Load, classify, dispose: all that a page of one's own needs.
import { Classifier } from "./classifier.js";

const [load, classify, dispose, text, found] = ["load", "classify", "dispose", "text", "found"].map((id) => document.getElementById(id));
let classifier;

/** Shows what came of it, or why nothing did. */
async function show(work) {
    try {
        found.textContent = await work();
    } catch (error) {
        found.textContent = `Failed: ${error.message}.`;
    }
    load.disabled = classifier !== undefined;
    classify.disabled = dispose.disabled = classifier === undefined;
}

load.addEventListener("click", () => show(async () => {
    found.textContent = "Loading…";
    classifier = await Classifier.load({ model: "demo.gguf" });
    return "Loaded.";
}));

classify.addEventListener("click", () => show(async () => {
    const { labels, computes } = await classifier.classify(text.value, { labels: ["technical", "creative", "ethical", "casual"] });
    return `${labels.map(({ label, p }) => `${label} ${p.toFixed(3)}`).join(", ")}; ${computes}`;
}));

dispose.addEventListener("click", () => show(async () => {
    classifier.dispose();
    classifier = undefined;
    return "Disposed of.";
}));
