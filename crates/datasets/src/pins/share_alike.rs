//! Files of the sets whose terms are passed on: what is adapted from them keeps their licence.

use crate::{File, Source};

const CONLL2018_AT: Source =
    Source { repository: "sigmorphon/conll2018", commit: "490e2e0693241f708670d9d1c56803b754fab7cd" };

pub(crate) static CONLL2018: &[File] = files! {
    CONLL2018_AT:
        "english-test" 28_587 1_000
            from "task1/surprise/english-test"
            "25ade78755ad5a038b986e8aa5539def93bd8ae5716a51a975ba67fdaebb6e69";
        "italian-test" 38_899 1_000
            from "task1/all/italian-test"
            "7e90b6f31c5a06fbf738e72650667fcb421f70287e1f3cefa3470ddc7d7bd0bb";
};

const CROSSNER_AT: Source =
    Source { repository: "zliucr/CrossNER", commit: "2e7ba2a7798c961e3f29fbc51252c5a8d40224bf" };

pub(crate) static CROSSNER: &[File] = files! {
    CROSSNER_AT:
        "ai/test.txt" 134_455 431
            from "ner_data/ai/test.txt"
            "7595ad386e0a98067100fe47f86811b38867a236011fee97cfaa90f778c37bcf";
        "literature/test.txt" 155_256 416
            from "ner_data/literature/test.txt"
            "77267f8b3e8afe993865c64cfc605f65671f6a0ac9cba65de970f12180fed20e";
        "music/test.txt" 208_331 465
            from "ner_data/music/test.txt"
            "c66e345f959ac65593f76c6b1bd8c6d75f2a6f0bc197389b2e6700d101fd094c";
        "politics/test.txt" 325_917 651
            from "ner_data/politics/test.txt"
            "05cadc5e129d394f7f92b4a052cf4b6ea4c60878d32a833e500cf046c297455f";
        "science/test.txt" 220_459 543
            from "ner_data/science/test.txt"
            "3616d59d4d2b9dbf4c1126f8d8ba47ff97886223c95f93649bfd527343e64ced";
};

const SIB200_AT: Source = Source { repository: "dadelani/sib-200", commit: "593cea88519930f776c1a4a1980b6a35b39dca57" };

pub(crate) static SIB200: &[File] = files! {
    SIB200_AT:
        "eng_Latn/test.tsv" 30_069 204
            from "data/annotated/eng_Latn/test.tsv"
            "fd7012f846f5a8caead1e7419023d64a28351893f3d9c7ebcde4c5481ca5d326";
        "ita_Latn/test.tsv" 34_945 204
            from "data/annotated/ita_Latn/test.tsv"
            "8df9a2cf4f0df5ef1a4a945621bdf39ce06ea676bfb0819bb65b60c8e933152b";
};

const SPIDER_AT: Source = Source { repository: "taoyds/spider", commit: "b7b5b8c890cd30e35427348bb9eb8c6d1350ca7c" };

pub(crate) static SPIDER: &[File] = files! {
    SPIDER_AT:
        "dev.json" 3_629_512 1_034
            from "evaluation_examples/examples/dev.json"
            "30d64a3fccde493226df79687aed9e4a1c0129525baf44f29c0573d914d758a4";
        "tables.json" 810_971 0
            from "evaluation_examples/examples/tables.json"
            "61bb20aa401f03164e2d7f3b16509b7b5f79cc9c943ca7bd159046df1159e2ed";
};

const UD_ITALIAN_PUD_AT: Source =
    Source { repository: "UniversalDependencies/UD_Italian-PUD", commit: "71d932aa096368331ba2fd9bc906ec8dd853da8e" };

pub(crate) static UD_ITALIAN_PUD: &[File] = files! {
    UD_ITALIAN_PUD_AT:
        "it_pud-ud-test.conllu" 1_697_113 1_000
            from "it_pud-ud-test.conllu"
            "ad5d302bdfd05194155d9ad43dc54c3cb915076d66b3eb6ef33eca9a11f1372a";
};

const UNER_EN_PUD_AT: Source =
    Source { repository: "UniversalNER/UNER_English-PUD", commit: "07ea0553144e3fcf3d6633efe2a075b725a0d262" };

pub(crate) static UNER_EN_PUD: &[File] = files! {
    UNER_EN_PUD_AT:
        "en_pud-ud-test.iob2" 462_120 1_000
            from "en_pud-ud-test.iob2"
            "71fc0e18011e930f9a1a2fb68089d732eb2035a5840677d300626c8a1dedd2fb";
};

const XSID_AT: Source = Source { repository: "mainlp/xsid", commit: "761d926c3f2e9f6bea13192d2f39cec1d04d9777" };

pub(crate) static XSID: &[File] = files! {
    XSID_AT:
        "en.test.conll" 160_156 500
            from "data/xSID-0.7/en.test.conll"
            "4d1590a0d9f63172c477a33046dd1821414990a44c6ff4de698a1c3b7dd3ac88";
        "en.valid.conll" 96_642 300
            from "data/xSID-0.7/en.valid.conll"
            "2d767f14a238dff33ddcd8411a54ce5a5b36ffb4058e8963b3860f588992722d";
        "it.test.conll" 187_020 500
            from "data/xSID-0.7/it.test.conll"
            "9fbebbadc9681209e66391783ea6da57a0f91e1586d82c702402f8b835251804";
        "it.valid.conll" 113_789 300
            from "data/xSID-0.7/it.valid.conll"
            "26acfbc284b4c00a401531f74f596422b840e5307af84696b5c6d8c615301fb0";
};
