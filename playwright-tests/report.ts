/** One comparison of a self-test; null stands for a number that is not finite. */
export interface Finding {
    what: string;
    max_abs: number | null;
    bound: number;
}

/** The labels of one text. */
export interface ScoredText {
    text: string;
    labels: string[];
    exact: number[];
    label_relative: number[];
    n_tokens: number[];
}

/** A model against its goldens, in one tier. */
export interface ModelReport {
    device: { name: string; tier: string; tiers: string[]; features: string[] };
    passed: boolean;
    model: { findings: Finding[]; scored: ScoredText[] };
}

/** A whole self-test, in one tier. */
export interface TierReport extends ModelReport {
    kernels: (Finding & { kernel: string })[];
}

/** What the page saves. */
export interface Shared {
    sweetspot: string;
    user_agent: string;
    tiers: TierReport[];
    compared?: ModelReport[];
}

/** The largest difference of any label's score between two devices; infinite where they scored other texts. */
export function largestLabelDifference(a: ModelReport, b: ModelReport): number {
    const texts = (report: ModelReport) => JSON.stringify(report.model.scored.map((s) => [s.text, s.labels, s.n_tokens]));
    if (texts(a) !== texts(b) || a.model.scored.length === 0) return Infinity;
    const scores = (report: ModelReport) => report.model.scored.flatMap((s) => [...s.exact, ...s.label_relative]);
    const [left, right] = [scores(a), scores(b)];
    const differences = left.map((score, i) => Math.abs(score - (right[i] ?? NaN)));
    return differences.some(Number.isNaN) ? Infinity : Math.max(...differences);
}
