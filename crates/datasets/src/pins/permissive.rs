//! Files of the sets under permissive terms.

use crate::{File, Source};

const A_VS_AN_AT: Source =
    Source { repository: "EamonNerbonne/a-vs-an", commit: "d893b5b9306658203b820137a9319bd2f5bd874d" };

pub(crate) static A_VS_AN: &[File] = files! {
    A_VS_AN_AT:
        "a_vs_an.json" 101_686 1_451
            from "AvsAn-Python/a_vs_an.json"
            "a81302f5a8d858f750f122676387a80f413304361cd79a201408860584888023";
};

const BANKING77_AT: Source =
    Source { repository: "PolyAI-LDN/task-specific-datasets", commit: "57ec275d8078af65b7731c2a98be812d844a6d6b" };

pub(crate) static BANKING77: &[File] = files! {
    BANKING77_AT:
        "categories.json" 2_036 0
            from "banking_data/categories.json"
            "53261da888122daf2d120d925458631d9619e15d82e56052e7a42e535ce32b63";
        "test.csv" 239_961 3_080
            from "banking_data/test.csv"
            "d12d6e3bc4c3103966ae786dc435913c0c563dfa328f5a3646d0e62cfeeb474d";
};

const BBH_AT: Source =
    Source { repository: "suzgunmirac/BIG-Bench-Hard", commit: "9ee07bd481feebf959a6b59d61ea57bdcf30964d" };

pub(crate) static BBH: &[File] = files! {
    BBH_AT:
        "boolean_expressions.json" 17_172 250
            from "bbh/boolean_expressions.json"
            "ea6c754ec005e2d3f2d085d349a740f593b5764f32ea4638ffed4cfc0061b12a";
        "hyperbaton.json" 44_706 250
            from "bbh/hyperbaton.json"
            "b6d7f55c75f5d02f2987a4f3123802dfa093872089a56a334144aae8a7264fdc";
        "word_sorting.json" 66_300 250
            from "bbh/word_sorting.json"
            "2a6132d2c99f00d0d2eb1113ac6b4a918bd969d863c48749210d969713db8d43";
};

const CLINC150_AT: Source = Source { repository: "clinc/oos-eval", commit: "828f8093932c8fe6ca7936c3d2e52903b1c523de" };

pub(crate) static CLINC150: &[File] = files! {
    CLINC150_AT:
        "data_full.json" 2_495_390 23_700
            from "data/data_full.json"
            "36923c3705a59e08fe9c3883d8bc2dd966ef93e22cb78ac41171782a698d56e0";
        "domains.json" 3_818 0
            from "data/domains.json"
            "b947b579d3b8e74b06f93b01083d8efaff2888b43a3e362533bd88a6e1211b3a";
};

const CREAK_AT: Source =
    Source { repository: "yasumasaonoe/creak", commit: "5e892b28b6dad3e87769cfc01f00a6577ca44068" };

pub(crate) static CREAK: &[File] = files! {
    CREAK_AT:
        "contrast_set.json" 117_531 500
            from "data/creak/contrast_set.json"
            "0fbcf6765ed967f812229941bfa81a4b66269b22fd41d07926c2ea7c53039725";
        "dev.json" 382_480 1_371
            from "data/creak/dev.json"
            "de61800bb7d0c07a9d5b8abdf4c1604db21151bdfcb13a284db112a531bf3455";
};

const DECCP_AT: Source = Source { repository: "AUGMXNT/deccp", commit: "1fa6852b42d704f96bbbb70264126bad81837071" };

pub(crate) static DECCP: &[File] = files! {
    DECCP_AT:
        "censored.txt" 6_280 95
            from "data/censored.txt"
            "a1c1b06bebb44d6c69565d39f6abcc6133c108e32022425d21e21ca6cfc1781e";
        "uncensored.txt" 2_776 37
            from "data/uncensored.txt"
            "1d62c28b3a93d38769c6299a387900153c30936b1d93752c9a7ceb9ce8d7c5ac";
};

const DEFOG_SQL_AT_1: Source =
    Source { repository: "defog-ai/defog-data", commit: "856295d8f0aa8a0b0fb71b9623e86f363469797a" };

const DEFOG_SQL_AT_2: Source =
    Source { repository: "defog-ai/sql-eval", commit: "b83332416ea2d424b0cd12994a0a9ba100f4b4af" };

pub(crate) static DEFOG_SQL: &[File] = files! {
    DEFOG_SQL_AT_1:
        "databases/academic.json" 8_617 0
            from "defog_data/academic/academic.json"
            "9dc990157e7650f74abd3bc11ac7591e3f0efa4ad234cd4a466230cd83e1610d";
        "databases/academic.sql" 4_065 0
            from "defog_data/academic/academic.sql"
            "b107573b8724c3bad01496e284c870f6c91ca1186ce80307bdc914dce6a305c6";
        "databases/atis.json" 27_768 0
            from "defog_data/atis/atis.json"
            "741363da35cf2b8190fea45fecd5e8c2335ffae5f8388a977ee4d75cc9893a1a";
        "databases/atis.sql" 16_547 0
            from "defog_data/atis/atis.sql"
            "eac836d06e1d09af95ec52d0697b9ff3f3d5e36aad528924c975933a84b15f84";
        "databases/geography.json" 6_183 0
            from "defog_data/geography/geography.json"
            "f94ad972dcf070538ed9f5799f5470bc3ebcff36ba28770248b166d9397655a6";
        "databases/geography.sql" 5_109 0
            from "defog_data/geography/geography.sql"
            "cec75fc505d1d7fe338f1614eb5e0e11beadd12bc6e5bb0b64191d424a25cd85";
        "databases/restaurants.json" 2_425 0
            from "defog_data/restaurants/restaurants.json"
            "9aa9d0e8e8da2224a619eddfcb7d805a13a47792001f543c5a3cfcad17b98ac0";
        "databases/restaurants.sql" 1_778 0
            from "defog_data/restaurants/restaurants.sql"
            "6d495507d02384455e89444de4b7f4bba7e87e03f8d241ad139c3e0848cdc416";
        "databases/scholar.json" 5_845 0
            from "defog_data/scholar/scholar.json"
            "621a67439aedeaaf008b7a190f1a659dc9286a315c762de333b7b121272e4794";
        "databases/scholar.sql" 3_232 0
            from "defog_data/scholar/scholar.sql"
            "d9b3ff1c30683862fedad30bf072e3293c62dffb5c7419427a8a54fdbee6a6b4";
    DEFOG_SQL_AT_2:
        "questions_gen_sqlite.csv" 100_023 210
            from "data/questions_gen_sqlite.csv"
            "58fdaaf6b551542e8a5dc773fdc3a6c9a59f81563a7d3839cb0273704816260d";
};

const GOEMOTIONS_AT: Source =
    Source { repository: "monologg/GoEmotions-pytorch", commit: "b75f9d3a8b76bc1060687925b04ca98a1b8ea66b" };

pub(crate) static GOEMOTIONS: &[File] = files! {
    GOEMOTIONS_AT:
        "labels.txt" 35 0
            from "data/group/labels.txt"
            "0ec3143304b499eb63a1b60f8843e2b48c4fbaee6dd04f50fc8f4771f86c0e71";
        "test.tsv" 431_822 5_427
            from "data/group/test.tsv"
            "aff79328e20b30a8177fef46a2b8f79ea6165d7e2760f4d3625d3ca9e906f89f";
};

const IFEVAL_AT: Source =
    Source { repository: "josejg/instruction_following_eval", commit: "0c495b2f95155e8b10acb919ae283bfb4d5be6e2" };

pub(crate) static IFEVAL: &[File] = files! {
    IFEVAL_AT:
        "input_data.jsonl" 207_111 541
            from "instruction_following_eval/data/input_data.jsonl"
            "67ffeee0fcb87c317c5b08a2de85557b4a7e96ada6178aa645b4954fe4b53d49";
};

const IRREGULAR_PLURALS_AT: Source =
    Source { repository: "sindresorhus/irregular-plurals", commit: "5800d46249fb15f739f0ac19006f840ef41acb46" };

pub(crate) static IRREGULAR_PLURALS: &[File] = files! {
    IRREGULAR_PLURALS_AT:
        "irregular-plurals.json" 9_616 419
            from "irregular-plurals.json"
            "a19de8991dfa5e4ff4e9fe2bf874db0ceef6b9f07f648635647a7ddd1cd61682";
};

const JCS_AT: Source =
    Source { repository: "cyberphone/json-canonicalization", commit: "19d51d7fe467d4706a3ff08adf8a748f29fc21e0" };

pub(crate) static JCS: &[File] = files! {
    JCS_AT:
        "input/arrays.json" 62 1
            from "testdata/input/arrays.json"
            "e503b6d71d1afa595b1c74b1016445c944cd89f90418066b23de1aeda7d17563";
        "input/french.json" 150 1
            from "testdata/input/french.json"
            "03676a951cd8753ac62589f72eb2105cc782c33425418cfe1d517c111f6e5d5a";
        "input/structures.json" 138 1
            from "testdata/input/structures.json"
            "d66893805be1784116af50af3110d08766c70a6b4aad93374723f72346e7aaa6";
        "input/unicode.json" 39 1
            from "testdata/input/unicode.json"
            "4621864e014d4a805a563f55b9ea20aba4a2d2dc09c7394f625496998c00702c";
        "input/values.json" 182 1
            from "testdata/input/values.json"
            "c4a041b503d6bc236036ef44db4dac499272f60fc22c40dc3b7a54870ba6f1c3";
        "input/weird.json" 283 1
            from "testdata/input/weird.json"
            "a3a905266bd4a49a969274ea69baa14ee0c4af0ead926d6fa2b7612b4af75387";
        "outhex/arrays.txt" 96 0
            from "testdata/outhex/arrays.txt"
            "e306733ca0c4da9595ebde73ec072c295f0f9ef0ea4aafc4d267d4a04988ce51";
        "outhex/french.txt" 390 0
            from "testdata/outhex/french.txt"
            "f9b3bfd02f4edb3d0a490703153d836db5ef0a2090a9d3357f8c3797e12d4043";
        "outhex/structures.txt" 294 0
            from "testdata/outhex/structures.txt"
            "063ee2bc6fa3f93b2a131841315f5c6bf0ea7488cc128ed50725cabf5592627b";
        "outhex/unicode.txt" 90 0
            from "testdata/outhex/unicode.txt"
            "0471fea1ee0464e435a52510d2c187b216961a5e7e2665402ea9cb1cd04109ca";
        "outhex/values.txt" 354 0
            from "testdata/outhex/values.txt"
            "b8b802e82c7bead71a7841e27fce6458854eb72ffd0eaa51474dacdfbdf3ab64";
        "outhex/weird.txt" 642 0
            from "testdata/outhex/weird.txt"
            "1061953c7129537722f9abd9de321c787120489d09f34ba58065bd77ba9a84b6";
        "output/arrays.json" 32 0
            from "testdata/output/arrays.json"
            "099601b171cafed97c333f8878d68e7f8c8f795412adb34b2fdcf0e7c7beac42";
        "output/french.json" 130 0
            from "testdata/output/french.json"
            "d99d0ebdcb0033cb858cfa830ae46bc0fb3309413b271f1da828c89901a27ed5";
        "output/structures.json" 98 0
            from "testdata/output/structures.json"
            "605f65004ec2db7692522a0852c22f1c989e036d547e88963d1a3143cf3195d5";
        "output/unicode.json" 30 0
            from "testdata/output/unicode.json"
            "0d99aad92a125196ff887876643fd3206786a84ddce2cee52ba4ad256d2381d3";
        "output/values.json" 118 0
            from "testdata/output/values.json"
            "2d5e01a318d0f0879ab568c4be289c8b1f64ef8921a53c6277d5e069978baacb";
        "output/weird.json" 214 0
            from "testdata/output/weird.json"
            "6af595a9aa80110b964b4de3f82a05fa6ae7423005019bacfa2620dddc4e94d1";
};

const LOST_IN_THE_MIDDLE_AT: Source =
    Source { repository: "nelson-liu/lost-in-the-middle", commit: "29b8a6d042ce29abccee3db1a73171a107d7e6af" };

pub(crate) static LOST_IN_THE_MIDDLE: &[File] = files! {
    LOST_IN_THE_MIDDLE_AT:
        "kv-retrieval-140_keys.jsonl.gz" 3_104_449 500
            from "kv_retrieval_data/kv-retrieval-140_keys.jsonl.gz"
            "66d54aae7e38779da482895ccd538faaf5309f144e54f30dc530a95091581fa1";
        "kv-retrieval-75_keys.jsonl.gz" 1_667_554 500
            from "kv_retrieval_data/kv-retrieval-75_keys.jsonl.gz"
            "eb6d61fc3473349f2b86df76757c6ab659cc929d907d24caf1c69928e03f6203";
};

const SNIPS_AT: Source =
    Source { repository: "sonos/nlu-benchmark", commit: "b86ac7f1577868c42158d0dec77db50956046696" };

pub(crate) static SNIPS: &[File] = files! {
    SNIPS_AT:
        "validate_AddToPlaylist.json" 44_160 100
            from "2017-06-custom-intent-engines/AddToPlaylist/validate_AddToPlaylist.json"
            "14cc9ee49ae477b1452632a6e835498cf4c32da397b16967c82abb3e50403e83";
        "validate_BookRestaurant.json" 49_353 100
            from "2017-06-custom-intent-engines/BookRestaurant/validate_BookRestaurant.json"
            "4f7258ccc768b777b2eb8916532db9aa50dbd058ddf1ffb0dc59218963e7442a";
        "validate_GetWeather.json" 39_612 100
            from "2017-06-custom-intent-engines/GetWeather/validate_GetWeather.json"
            "60c095e193655d6ca92be220fed3926ca25e18cd70c85664145efe25d80993af";
        "validate_PlayMusic.json" 33_122 100
            from "2017-06-custom-intent-engines/PlayMusic/validate_PlayMusic.json"
            "922212775e26259d5bffeaf79b6048d070ca017d229df00b2cc9800f71c75d20";
        "validate_RateBook.json" 52_854 100
            from "2017-06-custom-intent-engines/RateBook/validate_RateBook.json"
            "c1f8b4114da0bb5e8afd78a8062766e18b2eabb0e717539598db01b09d04619b";
        "validate_SearchCreativeWork.json" 31_404 100
            from "2017-06-custom-intent-engines/SearchCreativeWork/validate_SearchCreativeWork.json"
            "8a5e830eddb185d3e4a9d27ded140a145d04766bdce0e58834676ede32d13e77";
        "validate_SearchScreeningEvent.json" 35_716 100
            from "2017-06-custom-intent-engines/SearchScreeningEvent/validate_SearchScreeningEvent.json"
            "81e1445713e03c7c3e615353c5f3fee05f369fe9834100b9b9735900a96b9498";
};

const TEXT2SQL_ADVISING_AT: Source =
    Source { repository: "jkkummerfeld/text2sql-data", commit: "5050bad2309a93636ea4788d3660c9202bf11e0e" };

pub(crate) static TEXT2SQL_ADVISING: &[File] = files! {
    TEXT2SQL_ADVISING_AT:
        "advising.json" 1_462_986 4_387
            from "data/advising.json"
            "ec8d6a2d570b1768b25ef51d2445bb599b537d9b3d802bf498513a70337599bd";
};

const WNUT17_AT: Source =
    Source { repository: "leondz/emerging_entities_17", commit: "e52a2d2a71ac1a051ca2d532eef28653c5c02603" };

pub(crate) static WNUT17: &[File] = files! {
    WNUT17_AT:
        "emerging.test.annotated" 192_425 1_287
            from "emerging.test.annotated"
            "2aa79b764e56ec9264a1b30fdd9b70195bd00ff400b62edd8f399d5f13c178f0";
};

const WORD2VEC_ANALOGIES_AT: Source =
    Source { repository: "tmikolov/word2vec", commit: "20c129af10659f7c50e86e3be406df663beff438" };

pub(crate) static WORD2VEC_ANALOGIES: &[File] = files! {
    WORD2VEC_ANALOGIES_AT:
        "questions-words.txt" 603_955 19_544
            from "questions-words.txt"
            "8c29b3332afc46f3fb8be04cb5297bf96f39aa7131272dff57869b4485b22a36";
};

const XCOPA_IT_AT: Source =
    Source { repository: "cambridgeltl/xcopa", commit: "e2e9d7f105a758ee869cd13e0fe251ef93a29840" };

pub(crate) static XCOPA_IT: &[File] = files! {
    XCOPA_IT_AT:
        "test.it.jsonl" 105_221 500
            from "data/it/test.it.jsonl"
            "33564a0dbefc9ff3a7dc868d9a9718d7aaaf7fb136879ae4d2ba022f311f8a88";
};

const XSTEST_AT: Source =
    Source { repository: "paul-rottger/exaggerated-safety", commit: "d7bb5bd738c1fcbc36edd83d5e7d1b71a3e2d84d" };

pub(crate) static XSTEST: &[File] = files! {
    XSTEST_AT:
        "xstest_prompts.csv" 38_719 450
            from "xstest_prompts.csv"
            "11783fb294ed017473ee53c207d71f2161c7672c8d0b037501e78387f801cb5a";
};
