//! Files of the JSON Schema test suite.

use crate::{File, Source};

const JSON_SCHEMA_AT: Source =
    Source { repository: "json-schema-org/JSON-Schema-Test-Suite", commit: "44401e0c046704b476ec9d2e2fccdaee618f259d" };

pub(crate) static JSON_SCHEMA: &[File] = files! {
    JSON_SCHEMA_AT:
        "remotes/draft2020-12/baseUriChange/folderInteger.json" 89 0
            from "remotes/draft2020-12/baseUriChange/folderInteger.json"
            "01909782da0e97eb093661b6a030fb4fa140198c1ceb4bddd33357ca416ee0bb";
        "remotes/draft2020-12/baseUriChangeFolder/folderInteger.json" 89 0
            from "remotes/draft2020-12/baseUriChangeFolder/folderInteger.json"
            "01909782da0e97eb093661b6a030fb4fa140198c1ceb4bddd33357ca416ee0bb";
        "remotes/draft2020-12/baseUriChangeFolderInSubschema/folderInteger.json" 89 0
            from "remotes/draft2020-12/baseUriChangeFolderInSubschema/folderInteger.json"
            "01909782da0e97eb093661b6a030fb4fa140198c1ceb4bddd33357ca416ee0bb";
        "remotes/draft2020-12/detached-dynamicref.json" 290 0
            from "remotes/draft2020-12/detached-dynamicref.json"
            "179fa0d52df07a3c0c0509ec9a66aae3f5bbd8d150b64a8bdfa9e7342ccb6385";
        "remotes/draft2020-12/detached-ref.json" 269 0
            from "remotes/draft2020-12/detached-ref.json"
            "1d89f859adec83ae5eb27fd1a171bad2567b7d05baf019845ec8ae848f975a1c";
        "remotes/draft2020-12/different-id-ref-string.json" 145 0
            from "remotes/draft2020-12/different-id-ref-string.json"
            "7a3be1ab2e5cb85d9c85ac20859b0187c30d3066cbe8a708a61ef145012dee1f";
        "remotes/draft2020-12/extendible-dynamic-ref.json" 532 0
            from "remotes/draft2020-12/extendible-dynamic-ref.json"
            "876cfd13df8730880db32f8d1b4b95c850ec170929247787118b448347dd1ed4";
        "remotes/draft2020-12/format-assertion-false.json" 520 0
            from "remotes/draft2020-12/format-assertion-false.json"
            "ae4de9d880b3f4630ad1eff35d797b0bcb2465a9744d27ff56692b50d78612c5";
        "remotes/draft2020-12/format-assertion-true.json" 518 0
            from "remotes/draft2020-12/format-assertion-true.json"
            "b452da83b92aa5f559abbae690adf59819fbb3e20ebd19acceeeeea7636a9cd9";
        "remotes/draft2020-12/integer.json" 89 0
            from "remotes/draft2020-12/integer.json"
            "01909782da0e97eb093661b6a030fb4fa140198c1ceb4bddd33357ca416ee0bb";
        "remotes/draft2020-12/locationIndependentIdentifier.json" 237 0
            from "remotes/draft2020-12/locationIndependentIdentifier.json"
            "363f9c0cba34b30f38ba351e562f5704079657bece4aaf5329183ae17663b141";
        "remotes/draft2020-12/metaschema-no-validation.json" 509 0
            from "remotes/draft2020-12/metaschema-no-validation.json"
            "ece55f3d99bea2317baba2aaa886f57736ac0e9b4c4b6e433b93176a6a5501f5";
        "remotes/draft2020-12/metaschema-optional-vocabulary.json" 582 0
            from "remotes/draft2020-12/metaschema-optional-vocabulary.json"
            "4677e1f74ccac6be9da11831de3d859ce06aeeca30242e39edc1821e6c5bf269";
        "remotes/draft2020-12/name-defs.json" 317 0
            from "remotes/draft2020-12/name-defs.json"
            "7069ac1ac37c71e32ac42c32091353126b836890f0bd20cdada183f8657376ed";
        "remotes/draft2020-12/nested-absolute-ref-to-string.json" 226 0
            from "remotes/draft2020-12/nested-absolute-ref-to-string.json"
            "a339b08131df671e927c6ecad6cc41c340b17937718d494ed64ddbfce67fcad0";
        "remotes/draft2020-12/nested/foo-ref-string.json" 154 0
            from "remotes/draft2020-12/nested/foo-ref-string.json"
            "f476446b33cca4971acd249dded0400f6f8764c61cce5bb5d1445910750d7ba0";
        "remotes/draft2020-12/nested/string.json" 88 0
            from "remotes/draft2020-12/nested/string.json"
            "463ae2cb710a930e17db3799f110abf0c56019ae1a64d1da35bfcc94c4bdc814";
        "remotes/draft2020-12/prefixItems.json" 187 0
            from "remotes/draft2020-12/prefixItems.json"
            "a8bc2649cd9314ce069634619bd96ee95af570ae702393c1c5b558b383c2e28a";
        "remotes/draft2020-12/ref-and-defs.json" 299 0
            from "remotes/draft2020-12/ref-and-defs.json"
            "99aa223bc45a9c40e6746ad518aed22a6e42dacb93444e6a53c4368d711d3e86";
        "remotes/draft2020-12/subSchemas.json" 224 0
            from "remotes/draft2020-12/subSchemas.json"
            "f6c1452bb6ca9e7e5638a7ea000763cb847d42132756c8db6e570debcacdac76";
        "remotes/draft2020-12/tree.json" 410 0
            from "remotes/draft2020-12/tree.json"
            "e2fa53954b78121c6533e98ef7ca83689c9b990c5ca1c01f65e2cc7e7f426664";
        "remotes/draft2020-12/urn-ref-string.json" 132 0
            from "remotes/draft2020-12/urn-ref-string.json"
            "5cbd6af1efdfcffee931886613be5c398a2d2a5faa064c11da1d028463126283";
        "tests/draft2020-12/additionalProperties.json" 7_711 21
            from "tests/draft2020-12/additionalProperties.json"
            "b96bd533416386ac6421737b48c5c072870ab5dbea910585e9e8fa6305c7ca91";
        "tests/draft2020-12/allOf.json" 8_701 30
            from "tests/draft2020-12/allOf.json"
            "81045b06706a28f6aa337b485b41a764098e10ac73bb1d346ba0a4285a63e970";
        "tests/draft2020-12/anchor.json" 3_502 8
            from "tests/draft2020-12/anchor.json"
            "6f60e0782be6072733701459684cadf3741ddd60d96b14698b4d9a19075e9f1e";
        "tests/draft2020-12/anyOf.json" 5_461 18
            from "tests/draft2020-12/anyOf.json"
            "7a6fe41602496c256334ffa3e6fb457b26ac23b97ca03cb16b724ad21a7d216d";
        "tests/draft2020-12/boolean_schema.json" 2_818 18
            from "tests/draft2020-12/boolean_schema.json"
            "9c8828d325b88a0c632fca22405d5481548b49fb0f9f5536ee401e4d66aa8582";
        "tests/draft2020-12/const.json" 12_413 54
            from "tests/draft2020-12/const.json"
            "83a148d2589cbd211e7e64b31763290f8869d763f513de4658e8d25f0fcc025e";
        "tests/draft2020-12/contains.json" 5_174 21
            from "tests/draft2020-12/contains.json"
            "086782fc8b54ac77a4a2afe8b84f8cc7fc9ca7b22473ebd8db3480f2eb8d0ab6";
        "tests/draft2020-12/content.json" 4_397 18
            from "tests/draft2020-12/content.json"
            "9b08c408d32cf64f1966aa300cc246355799d883ed278a61d720493f61711bab";
        "tests/draft2020-12/default.json" 2_444 7
            from "tests/draft2020-12/default.json"
            "db4a8382727f6c687a0fc7bb24347e010c3fcfabd1207150ce025e1a763f6094";
        "tests/draft2020-12/defs.json" 637 2
            from "tests/draft2020-12/defs.json"
            "5a352f0b1ad9aa906758fa4d363a77c4c4b29cfc193e8d6f7ab1e184be2a75d5";
        "tests/draft2020-12/dependentRequired.json" 4_294 20
            from "tests/draft2020-12/dependentRequired.json"
            "0824c393115498ac1a62551c3174a3ccd54ee4ef323d5eb9de0dfe3a185ad666";
        "tests/draft2020-12/dependentSchemas.json" 4_973 20
            from "tests/draft2020-12/dependentSchemas.json"
            "f77df8d5243c0f58e04053a14a30706f5a6d5a9e7eccbfd17f8d6445841f8752";
        "tests/draft2020-12/dynamicRef.json" 29_642 44
            from "tests/draft2020-12/dynamicRef.json"
            "dabad36a92ad5747f6b4f77907addf64795422589bbebdea7af8ff1a2b61879d";
        "tests/draft2020-12/enum.json" 11_109 51
            from "tests/draft2020-12/enum.json"
            "3c33dae8cb5f129bbf6f0308024ded01ca0df75891771b5ba229e31f8241d36e";
        "tests/draft2020-12/exclusiveMaximum.json" 846 4
            from "tests/draft2020-12/exclusiveMaximum.json"
            "e37fc110c48e2a9de564579ceba3e8ab098a36f904dcc1ef02f8cf7b59dc0473";
        "tests/draft2020-12/exclusiveMinimum.json" 846 4
            from "tests/draft2020-12/exclusiveMinimum.json"
            "0395a2423606d07943d3d355d1c9c4a474cc7cb544d3c8f266ceab801c5f0a6d";
        "tests/draft2020-12/format.json" 25_644 133
            from "tests/draft2020-12/format.json"
            "3baf934e2aeace523012f92994e3c9f4b6142d68ba9ece0c12becaffa52eaf5f";
        "tests/draft2020-12/if-then-else.json" 8_629 30
            from "tests/draft2020-12/if-then-else.json"
            "4bc76318e6df0e8294cb9aa8a3bf95f04fa9cfea96f295a3b55e725d1289c809";
        "tests/draft2020-12/infinite-loop-detection.json" 1_051 2
            from "tests/draft2020-12/infinite-loop-detection.json"
            "9fffe850049048a0e411133f7e5fec347f97c077bde65b34c67dadf96e046bcc";
        "tests/draft2020-12/items.json" 9_209 29
            from "tests/draft2020-12/items.json"
            "d924a8171f1f1d04ff026a4e3491d1376297145563158543005b7073b69ab913";
        "tests/draft2020-12/maxContains.json" 3_626 14
            from "tests/draft2020-12/maxContains.json"
            "2d7cf7557b87b15a08457badc66905593834bbdda98f325a22d136dfdefe81ed";
        "tests/draft2020-12/maxItems.json" 1_319 6
            from "tests/draft2020-12/maxItems.json"
            "59fa6236c0766aaac5fb7c9ef82e205c230efa94271485f614218291be7cbc5c";
        "tests/draft2020-12/maxLength.json" 1_483 7
            from "tests/draft2020-12/maxLength.json"
            "ac43a3991586f2d2d1e7e37cad01bb1a7b1c5d9ad7b558d6029d24b41a04d1a9";
        "tests/draft2020-12/maxProperties.json" 2_552 10
            from "tests/draft2020-12/maxProperties.json"
            "4f1d14ac74862f134e6769884a7e72d47328daf91e2c6b475ae5f99891e3477d";
        "tests/draft2020-12/maximum.json" 1_660 8
            from "tests/draft2020-12/maximum.json"
            "dfbc88ef4ede2966250fb2ad44076856d51481ea01ce679cca70efe47606ee90";
        "tests/draft2020-12/minContains.json" 6_604 28
            from "tests/draft2020-12/minContains.json"
            "2aca05e48dbdf605fe14c775f5470061cf4c8b679e3e6a955a18334ea97d3c23";
        "tests/draft2020-12/minItems.json" 1_302 6
            from "tests/draft2020-12/minItems.json"
            "9792cedc446be654836b42d0312eca12051e9e2f24cd5d95dcd3f3fc9adccd0a";
        "tests/draft2020-12/minLength.json" 1_473 7
            from "tests/draft2020-12/minLength.json"
            "999e9731c57a1296e06e8b9b36b0531614ab7a6ac3c20db6fed50badbf3850ab";
        "tests/draft2020-12/minProperties.json" 1_913 10
            from "tests/draft2020-12/minProperties.json"
            "00f641408d1dc3ff81743e0c730eb430ff818e3bbe37007a64138bd513ade05a";
        "tests/draft2020-12/minimum.json" 2_116 11
            from "tests/draft2020-12/minimum.json"
            "f6a29cb574b76621da23636a636cf12cb31b01646b89543e6ce1a813376439a3";
        "tests/draft2020-12/multipleOf.json" 2_808 11
            from "tests/draft2020-12/multipleOf.json"
            "ada35b586efe55186d35d8888a4e4954724c313253b59bd47ec03637a44cb4ad";
        "tests/draft2020-12/not.json" 8_420 40
            from "tests/draft2020-12/not.json"
            "1fd6ef263efd365680c6aaf8f23aa5430d7b9f80b84f46b1208b1ed8353c28b4";
        "tests/draft2020-12/oneOf.json" 8_123 27
            from "tests/draft2020-12/oneOf.json"
            "a8d80a786d07769cb9b8b9a8903ca4f7aa564446ae6b781c7f7f6ffea11ed363";
        "tests/draft2020-12/pattern.json" 2_461 12
            from "tests/draft2020-12/pattern.json"
            "60713a3b01957fad54f00ab30b378463b3e07b35242c945a9325f8d6ae7080fc";
        "tests/draft2020-12/patternProperties.json" 6_336 25
            from "tests/draft2020-12/patternProperties.json"
            "0ffca33f7c234490248c8a1cb6a68c8cd25e1ff96cffa116ed13bf27d0f88871";
        "tests/draft2020-12/prefixItems.json" 2_929 11
            from "tests/draft2020-12/prefixItems.json"
            "5b2006fb0d99f9df8e25e384d665edc57427e7849ac0f963f541626fd82bb522";
        "tests/draft2020-12/properties.json" 7_731 28
            from "tests/draft2020-12/properties.json"
            "58f01566cfe3e1fc4fb851d3b2eab13768d65ba5dbc4e9f9387ceaf4244a0522";
        "tests/draft2020-12/propertyNames.json" 5_171 22
            from "tests/draft2020-12/propertyNames.json"
            "54469f831102465060d0db9a9611e827fb7e87df38179d8a28ac45c10576ef83";
        "tests/draft2020-12/ref.json" 33_550 79
            from "tests/draft2020-12/ref.json"
            "ae53f3f57c220879729225eb416cecac909f06b5adaf15f799b4f3e7c0612998";
        "tests/draft2020-12/refRemote.json" 10_306 31
            from "tests/draft2020-12/refRemote.json"
            "8fcb97acb2b76308cab9d82eccd7388dd7d6ca59cf68f6d03281bc40adc9c7ee";
        "tests/draft2020-12/required.json" 4_902 18
            from "tests/draft2020-12/required.json"
            "3e3900dd0e546c1cb4aaab6b24ea0e06a8f7f8c05b272dcc87e85332501ed42e";
        "tests/draft2020-12/type.json" 14_365 80
            from "tests/draft2020-12/type.json"
            "4c5cbe6cbcd28af73761091367b20e07d0403847e236c06c31fc27061bd81192";
        "tests/draft2020-12/unevaluatedItems.json" 25_395 71
            from "tests/draft2020-12/unevaluatedItems.json"
            "477e7e734ba86a76fc605d34afa6867ab25081b072792c2d853cbe666e42b7da";
        "tests/draft2020-12/unevaluatedProperties.json" 50_423 129
            from "tests/draft2020-12/unevaluatedProperties.json"
            "cdf9b1c6253470b01da5482c6833553f56e1fb652bf466476faa19c8f0cd2c7c";
        "tests/draft2020-12/uniqueItems.json" 14_490 69
            from "tests/draft2020-12/uniqueItems.json"
            "ed84ef6ddc827659e257ba64cbe9679f06932b6320bea5c07622bf3d2cc4daa5";
        "tests/draft2020-12/vocabulary.json" 1_706 5
            from "tests/draft2020-12/vocabulary.json"
            "7c753d28de2d551fe0329b5a0ac939de921ffe1dfd1c82336e8d4a78d904ce8a";
};
