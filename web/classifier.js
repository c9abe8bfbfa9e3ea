// The classifier for other pages: a model in a worker, labels with their probabilities. Copy this file beside worker.js,
// worker_bg.wasm and worker_loader.js, or import it from a site that has them; the page's own policy must allow
// 'wasm-unsafe-eval' and workers of that origin.
//
//     import { Classifier } from "./classifier.js";
//     const classifier = await Classifier.load({ model: "demo.gguf" });
//     const { label, labels } = await classifier.classify("Is it fair?", { labels: ["technical", "ethical"] });
//     classifier.dispose();

/**
 * @typedef {{ label: string, p: number, pRaw: number, logp: number }} LabelScore a label, its probability over the set (0..1),
 *     the same without calibration, and ln p(label | prompt) over the whole vocabulary, nats
 * @typedef {{ word: string, nats: number }} Word what a word contributed to the best label, nats of its log-odds
 * @typedef {{ label: string, labels: LabelScore[], words: Word[], swapped: [string, number] | undefined, ms: number, computes: string }} Answer
 * @typedef {{ labels?: string[], template?: string, calibrate?: boolean, explain?: boolean, head?: File }} Question
 */

const TEMPLATE = "Classify as {labels}.\nText: {text}\nLabel:";

export class Classifier {
    #worker;
    #model;
    #computer;
    #number = 0;
    /** The question that is open: a worker answers one after another. */
    #open = Promise.resolve();
    #hear = () => {};
    #ready;
    #dead;

    /**
     * Starts the worker and checks that the model can be loaded, by asking it something.
     *
     * @param {{ model: string | File, device?: "auto" | "cpu" }} options a file in the folder models/ beside this module, or a
     *     GGUF file that the reader chose; what computes
     * @returns {Promise<Classifier>}
     */
    static async load({ model, device = "auto" }) {
        const classifier = new Classifier(model, device);
        try {
            await classifier.#ready;
            await classifier.classify("N/A", { labels: ["yes", "no"], calibrate: false });
        } catch (error) {
            classifier.dispose();
            throw error;
        }
        return classifier;
    }

    /** Use {@link Classifier.load}. */
    constructor(model, device) {
        this.#model = typeof model === "string" ? { Here: model } : { Chosen: [{ file: model }] };
        this.#computer = device === "cpu" ? "Cpu" : "Auto";
        this.#worker = new Worker(new URL("./worker_loader.js", import.meta.url), { type: "module" });
        this.#ready = new Promise((resolve) => {
            this.#worker.onmessage = ({ data }) => (data === "Ready" ? resolve(undefined) : this.#hear(data));
        });
        this.#worker.onerror = (event) => this.#hear({ Failed: `the worker has stopped (${event.message ?? "it could not be loaded"})` });
    }

    /**
     * The probability of each label of a text.
     *
     * @param {string} text
     * @param {Question} question at least two labels; a template with {text} and perhaps {labels}; whether what the labels
     *     score without content is taken off (it is, unless `calibrate` is false); whether each word is left out once; or a
     *     `File` with a head of `sweetspot fit`, which brings its own labels and template
     * @returns {Promise<Answer>}
     */
    classify(text, { labels = [], template = TEMPLATE, calibrate = true, explain = false, head = null }) {
        const answer = this.#open.then(() => this.#ask(text, labels, template, calibrate, explain, head));
        this.#open = answer.then(() => {}, () => {});
        return answer;
    }

    #ask(text, labels, template, calibrate, explain, head) {
        if (this.#dead) return Promise.reject(new Error(this.#dead));
        this.#number += 1;
        return new Promise((resolve, reject) => {
            let found;
            this.#hear = (reply) => {
                if (reply.Classified) found = reply.Classified;
                else if (reply.Failed !== undefined) reject(new Error(reply.Failed));
                else if (reply === "Done" && found) resolve(answer(found));
            };
            this.#worker.postMessage({
                Classify: {
                    model: this.#model,
                    computer: this.#computer,
                    labels,
                    template,
                    text,
                    calibration: calibrate ? "ContentFree" : "None",
                    detail: explain ? "Words" : "Labels",
                    number: this.#number,
                    ...(head ? { head: { file: head } } : {}),
                },
            });
        });
    }

    /** Ends the worker and frees the model's memory. A question that is open is refused. */
    dispose() {
        this.#dead = "the classifier is disposed of";
        this.#worker.terminate();
        this.#hear({ Failed: this.#dead });
    }
}

function answer({ labels, words, swapped, ms, computes }) {
    const scores = labels.map(({ label, p, p_raw, logp }) => ({ label, p, pRaw: p_raw, logp }));
    const best = scores.reduce((a, b) => (b.p > a.p ? b : a));
    return { label: best.label, labels: scores, words, swapped, ms, computes };
}
