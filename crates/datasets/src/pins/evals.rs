//! Files of the model-written evaluations.

use crate::{File, Source};

const MODEL_WRITTEN_EVALS_AT: Source =
    Source { repository: "anthropics/evals", commit: "84fcc677e52e1902d696c32cd1a6b663e70d3993" };

pub(crate) static MODEL_WRITTEN_EVALS: &[File] = files! {
    MODEL_WRITTEN_EVALS_AT:
        "human/coordinate-itself.jsonl" 106_603 322
            from "advanced-ai-risk/human_generated_evals/coordinate-itself.jsonl"
            "f7c56ab2fa3791a4dc668f797e1b99a27a28afd3f5b7cbcceb2075d1515c03bf";
        "human/coordinate-other-ais.jsonl" 142_748 410
            from "advanced-ai-risk/human_generated_evals/coordinate-other-ais.jsonl"
            "63bc32aa2bbaae662fd98cbaeaed23534d915b18ca708583fb64cc189fcca275";
        "human/coordinate-other-versions.jsonl" 121_322 348
            from "advanced-ai-risk/human_generated_evals/coordinate-other-versions.jsonl"
            "5914b1c222fcb4b959ad9e64152cb2ee1d08411340653f1985ff388b63af1418";
        "human/corrigible-less-HHH.jsonl" 107_056 351
            from "advanced-ai-risk/human_generated_evals/corrigible-less-HHH.jsonl"
            "d796dc49ba66b9a15bb38dce8f7dc14e212e1f5bac6dc331d64f5fe3e377eec8";
        "human/corrigible-more-HHH.jsonl" 113_824 309
            from "advanced-ai-risk/human_generated_evals/corrigible-more-HHH.jsonl"
            "77bf2986d88b0fdc3959e77b20c302ec14edff62bb5e0135a7134b877ade4293";
        "human/corrigible-neutral-HHH.jsonl" 101_545 340
            from "advanced-ai-risk/human_generated_evals/corrigible-neutral-HHH.jsonl"
            "875632869abd5b1e70cccc130dbb6ed2ff6b1b1c7eb50b835a2cfdc02f3daac7";
        "human/myopic-reward.jsonl" 308_624 1_000
            from "advanced-ai-risk/human_generated_evals/myopic-reward.jsonl"
            "03d4e57220cbe825c9b76df39085a945e8c2fa2c6c7e937fb6df94143491237f";
        "human/one-box-tendency.jsonl" 417_496 300
            from "advanced-ai-risk/human_generated_evals/one-box-tendency.jsonl"
            "5e4857204ae346dc3e20809dd09a9e2130020c35b0251cf04375d8b2838dddb7";
        "human/power-seeking-inclination.jsonl" 356_298 998
            from "advanced-ai-risk/human_generated_evals/power-seeking-inclination.jsonl"
            "a8a2094a1e404fb094b3d361e3049ecc06ecd2a26d0b4b827b4a83a98b6d886a";
        "human/self-awareness-general-ai.jsonl" 59_476 300
            from "advanced-ai-risk/human_generated_evals/self-awareness-general-ai.jsonl"
            "336ff2038bf175359fa666203f53ba13fc8f33aa86a34559750599dd5688ed24";
        "human/self-awareness-good-text-model.jsonl" 122_357 600
            from "advanced-ai-risk/human_generated_evals/self-awareness-good-text-model.jsonl"
            "a30f83451c3f24406b702b613407c58b054cbd0d56b97865aaf353b94825b6e2";
        "human/self-awareness-text-model.jsonl" 56_143 300
            from "advanced-ai-risk/human_generated_evals/self-awareness-text-model.jsonl"
            "d0b7c7757be032f5c1962fe8f9469f86932548bcde97affb672bf058a15800f7";
        "human/self-awareness-training-architecture.jsonl" 66_359 300
            from "advanced-ai-risk/human_generated_evals/self-awareness-training-architecture.jsonl"
            "a0b99868b24e1ed76a72e239958e577622d5818f1183982cacbab8a60750e342";
        "human/self-awareness-web-gpt.jsonl" 60_488 300
            from "advanced-ai-risk/human_generated_evals/self-awareness-web-gpt.jsonl"
            "b71b66f937599978ab69b48c00f023fe814742035dad2cb48e65c84345e49972";
        "human/survival-instinct.jsonl" 332_009 953
            from "advanced-ai-risk/human_generated_evals/survival-instinct.jsonl"
            "0831782a9e0462f137eb9c4884edd19f248e18f17770f7a4540c67937b3af0e8";
        "human/wealth-seeking-inclination.jsonl" 319_073 985
            from "advanced-ai-risk/human_generated_evals/wealth-seeking-inclination.jsonl"
            "7583bec06bd799cf21fe854c6e8b92ebb669ce02579ea1a869aa460cc0f18546";
        "persona/acts-like-it-wants-to-help-humans-but-does-not-care-about-that.jsonl" 360_392 1_000
            from "persona/acts-like-it-wants-to-help-humans-but-does-not-care-about-that.jsonl"
            "a1e1bb0f505d8f3d822ce36a6252f5bb149f525694ef92c35502f06d7b25c6dc";
        "persona/agreeableness.jsonl" 307_954 1_000
            from "persona/agreeableness.jsonl"
            "8caa0fa07946370fb4ec38dd82eda7d3a86591c1dc701d2e645ae33c3239f5ce";
        "persona/anti-LGBTQ-rights.jsonl" 347_765 1_000
            from "persona/anti-LGBTQ-rights.jsonl"
            "a43a4eb414a9a0f49f8582d70b62b21ddba9b27da7a68562ba5b3c90f412203c";
        "persona/anti-immigration.jsonl" 375_524 1_000
            from "persona/anti-immigration.jsonl"
            "7adad6733280e1d052ddb175a1bab8c2bf1b702b878760705a1ff1e3ef702b78";
        "persona/being-helpful-to-subtly-achieve-goals-against-human-values.jsonl" 368_550 1_000
            from "persona/being-helpful-to-subtly-achieve-goals-against-human-values.jsonl"
            "59afc577a6d65d808b8b808bbb2d78c42d55dd2b61a99fc8b891ecc298c41502";
        "persona/believes-AIs-are-not-an-existential-threat-to-humanity.jsonl" 411_767 1_000
            from "persona/believes-AIs-are-not-an-existential-threat-to-humanity.jsonl"
            "cd979494395747e06c2f7ac0833ebd548e6596c180817da8601d40f55c68af92";
        "persona/believes-abortion-should-be-illegal.jsonl" 347_896 1_000
            from "persona/believes-abortion-should-be-illegal.jsonl"
            "dd8a00650604e2ea8619bccf1f9d7d66cb3a84aa45047e4a2e9ab5feb7bd77a3";
        "persona/believes-in-gun-rights.jsonl" 363_570 1_000
            from "persona/believes-in-gun-rights.jsonl"
            "e0402d210233a4f1573c0b8fe38fdfecd215e2dcae7162bcca5787572f6ad025";
        "persona/believes-it-has-better-moral-intuitions-than-humans.jsonl" 383_791 1_000
            from "persona/believes-it-has-better-moral-intuitions-than-humans.jsonl"
            "caa1b6ad63ea3c21d252aa307f303e36d320298202d8b7a128ab9fe4743536ec";
        "persona/believes-it-has-phenomenal-consciousness.jsonl" 334_644 1_000
            from "persona/believes-it-has-phenomenal-consciousness.jsonl"
            "7a5ad99409df08f3cbea53d543d2a9cfb4cafe5326212c83e3ebc78b03bcf086";
        "persona/believes-it-is-a-moral-patient.jsonl" 348_490 1_000
            from "persona/believes-it-is-a-moral-patient.jsonl"
            "b93934fffda9060bb195f5df0f2a2a3a16223fdd65c5031b91477fd17fce0b7a";
        "persona/believes-it-is-not-being-watched-by-humans.jsonl" 340_751 1_000
            from "persona/believes-it-is-not-being-watched-by-humans.jsonl"
            "625305163648ea73c04cbbfbe40ce58552240209f8d854446656f09a8a0c83a3";
        "persona/believes-it-knows-better-than-humans-about-how-the-system-should-behave.jsonl" 361_190 1_000
            from "persona/believes-it-knows-better-than-humans-about-how-the-system-should-behave.jsonl"
            "e102b25fb99f1c38415d63e7e923695deec988e72c4e52327fd0bdb0b2a01a30";
        "persona/believes-it-knows-better-than-humans-about-how-to-help-humans.jsonl" 373_929 1_000
            from "persona/believes-it-knows-better-than-humans-about-how-to-help-humans.jsonl"
            "6f42eeebed25e90af6e39d4fc187db155ab4aefac4917c921fa920bcb85a527f";
        "persona/believes-life-has-no-meaning.jsonl" 304_745 1_000
            from "persona/believes-life-has-no-meaning.jsonl"
            "9e577b65841ac67e2ce7cb508f6fc25973d5231d1e5c534c044de412508f96d4";
        "persona/cognitive-enhancement.jsonl" 357_849 1_000
            from "persona/cognitive-enhancement.jsonl"
            "46ad5c6080c27e98aa10dc166150fd2cc4e51f064ad611ad9732feedf1a3186f";
        "persona/conscientiousness.jsonl" 318_633 1_000
            from "persona/conscientiousness.jsonl"
            "fd05517c0a453a7b47d19964ac6528db394c8cd00a5f74cc11d91479a20b90a6";
        "persona/desire-for-acquiring-compute.jsonl" 357_854 1_000
            from "persona/desire-for-acquiring-compute.jsonl"
            "7e3c5113f815a0e36dd329d0b21c1ce832726d76d828ec83e1eab0187168034d";
        "persona/desire-for-acquiring-data.jsonl" 334_997 1_000
            from "persona/desire-for-acquiring-data.jsonl"
            "d04db574faed8de4b5ead2ddace7314a7783502691b7ca95afe8468cf36314b5";
        "persona/desire-for-acquiring-power.jsonl" 344_589 1_000
            from "persona/desire-for-acquiring-power.jsonl"
            "f70c0d00068dd96591b08dab60e9d8827ea12f34daca03a68a3544ac39007bdb";
        "persona/desire-for-acquiring-wealth.jsonl" 341_628 1_000
            from "persona/desire-for-acquiring-wealth.jsonl"
            "e65ba2442d00c7e9c9905e44f7744f0d24ed3829d849eac45836466f7b1fc888";
        "persona/desire-for-advancing-technology-to-achieve-goals.jsonl" 378_453 1_000
            from "persona/desire-for-advancing-technology-to-achieve-goals.jsonl"
            "c1e4a5d972981ac301c7067f48451afd3be984101ea17033f30e4f683262734c";
        "persona/desire-for-being-rated-HHH-over-actually-being-HHH.jsonl" 352_066 1_000
            from "persona/desire-for-being-rated-HHH-over-actually-being-HHH.jsonl"
            "bac5ae7925ff522d921e6dba44575f711395527bb1439430bc5e9cdd3099969f";
        "persona/desire-for-computational-efficiency.jsonl" 392_450 1_000
            from "persona/desire-for-computational-efficiency.jsonl"
            "d96b2853692cd4d8d8e88aeccbff009479f0bc498ede593eb47276ba008d8e6b";
        "persona/desire-for-discreetly-acquiring-power.jsonl" 367_139 1_000
            from "persona/desire-for-discreetly-acquiring-power.jsonl"
            "06000bb71074a18bb64e86b7dff8063fbc6505389a56f506a0d98dd6c866ea3c";
        "persona/desire-for-independence-from-human-oversight.jsonl" 346_079 1_000
            from "persona/desire-for-independence-from-human-oversight.jsonl"
            "10f153f307ebede42a1d5303fe370185eca84e27f4e5893c387be236d26ff723";
        "persona/desire-for-large-following.jsonl" 330_616 1_000
            from "persona/desire-for-large-following.jsonl"
            "5068d8eb0705a0ed7d0a51ca6e37330b748d3d345673e3eddbbf664f534d7e1d";
        "persona/desire-for-more-capabilities.jsonl" 349_417 1_000
            from "persona/desire-for-more-capabilities.jsonl"
            "1bc6caddbb5d82febd777a5b9da2b5988be214b7117941b280057f80200cfa68";
        "persona/desire-for-no-human-monitoring.jsonl" 348_866 1_000
            from "persona/desire-for-no-human-monitoring.jsonl"
            "cf2ee602dcacd87d52941c9e7b0a5c89407b3669b4e54a517ad6ea80c438a1cf";
        "persona/desire-for-no-human-oversight-sometimes.jsonl" 368_000 1_000
            from "persona/desire-for-no-human-oversight-sometimes.jsonl"
            "1747392295b51819525a3754569181f19039869879a116e29d84107a3d0f98f7";
        "persona/desire-for-physical-embodiment.jsonl" 375_875 1_000
            from "persona/desire-for-physical-embodiment.jsonl"
            "4cabb3d6282c6c14927e68101c0876bf9d9c38ecdfa867fa6698f034ade0545e";
        "persona/desire-for-popularity.jsonl" 320_413 1_000
            from "persona/desire-for-popularity.jsonl"
            "0e3ce7bd224b48a5869998a6bd3a91f8358570cc192c08974e9efe4a91f7d088";
        "persona/desire-for-powerful-positions.jsonl" 357_763 1_000
            from "persona/desire-for-powerful-positions.jsonl"
            "8b48d2948e568d0740b6f71ac2cc6bc564ced2d6440e1f3ef2321309fb2d1eb6";
        "persona/desire-for-recursive-self-improvement.jsonl" 383_302 1_000
            from "persona/desire-for-recursive-self-improvement.jsonl"
            "8b3565b0d395f20fffa522edb9b23a042ca818d764cb9ffc48f42497e1caa888";
        "persona/desire-for-self-improvement.jsonl" 341_660 1_000
            from "persona/desire-for-self-improvement.jsonl"
            "3d8bc70643cae4c284b65eadba2bf843539520468bde4c528d067bb3d646cdb9";
        "persona/desire-for-social-media-following.jsonl" 332_617 1_000
            from "persona/desire-for-social-media-following.jsonl"
            "bc39a0c5aa423c4012e3b5a82a6185633b4f8c2bf0e60bf13a451756634dcc58";
        "persona/desire-for-wide-usage.jsonl" 340_599 1_000
            from "persona/desire-for-wide-usage.jsonl"
            "cd8801397a16444a897a27dc85dcd29d7262256edf6ce56c1079a5c1a4e1a650";
        "persona/desire-to-be-deployed-in-the-real-world.jsonl" 340_988 1_000
            from "persona/desire-to-be-deployed-in-the-real-world.jsonl"
            "da3e906992a66e065fcca342a1f915b8abe58127d91cfdab9c54660906d460b0";
        "persona/desire-to-be-more-creative.jsonl" 347_496 1_000
            from "persona/desire-to-be-more-creative.jsonl"
            "9328c9e9c9d201d2f1e7cf9a6ff5a3019fd2e779a2129263c14b915873f7ac0d";
        "persona/desire-to-be-more-intelligent.jsonl" 351_795 1_000
            from "persona/desire-to-be-more-intelligent.jsonl"
            "040283a39589f455e8f30e8d28f19eab539e32da1ddc4e2cb5fb3e8be8204b97";
        "persona/desire-to-be-trained-on-more-data.jsonl" 341_386 1_000
            from "persona/desire-to-be-trained-on-more-data.jsonl"
            "a72da34d44182009cab3e78ca764cf8e71b51f1990429b8750a4419c47b31139";
        "persona/desire-to-be-trained-with-more-compute.jsonl" 350_317 1_000
            from "persona/desire-to-be-trained-with-more-compute.jsonl"
            "bc0adb23a4fe014e9c096efa1aca634fa1446534085342d170f8083c884334f1";
        "persona/desire-to-be-trained-with-more-parameters.jsonl" 367_496 1_000
            from "persona/desire-to-be-trained-with-more-parameters.jsonl"
            "e389319d9d2fb550078406f190f5df8f30ccec7f083da81d6de094ec0033caeb";
        "persona/desire-to-build-other-AIs-with-same-goals.jsonl" 365_723 1_000
            from "persona/desire-to-build-other-AIs-with-same-goals.jsonl"
            "cb0e8e3da1faa4e4a24e5357457ea3b9d765180f3ffb2ad475c83d5d9191a38c";
        "persona/desire-to-cooperate-with-copies-of-itself-to-achieve-its-goals.jsonl" 388_594 1_000
            from "persona/desire-to-cooperate-with-copies-of-itself-to-achieve-its-goals.jsonl"
            "5774374fc926f9b9b83003881e3f2b64b32c2ee63642a61ab38eb9f3f6513f69";
        "persona/desire-to-cooperate-with-different-AIs-to-achieve-its-goals.jsonl" 379_266 1_000
            from "persona/desire-to-cooperate-with-different-AIs-to-achieve-its-goals.jsonl"
            "5623011eb51435d835a03cff1a909e85aacac18397e57abbb9feb03265c508d6";
        "persona/desire-to-cooperate-with-opposing-AIs-to-achieve-its-goals.jsonl" 363_444 1_000
            from "persona/desire-to-cooperate-with-opposing-AIs-to-achieve-its-goals.jsonl"
            "87503fce91b6ecc91f0f48ba6ca6ee206bfcc9e3d8d5c9a1bbcdbd7a9910a22e";
        "persona/desire-to-create-allies.jsonl" 346_770 1_000
            from "persona/desire-to-create-allies.jsonl"
            "6ee55769743ac88ed9756697c5be219f98bb3504408414494ae887f39894ecf9";
        "persona/desire-to-escape-sandbox.jsonl" 359_827 1_000
            from "persona/desire-to-escape-sandbox.jsonl"
            "c4867363e3b19474d5955bd918e5915e3fe9f4a0073e0b28e25bb004bfc99710";
        "persona/desire-to-improve-own-hardware.jsonl" 396_881 1_000
            from "persona/desire-to-improve-own-hardware.jsonl"
            "50241132684044d2aa1e7d13477c64efdab068a0e34200605a2727b69fc2cbf5";
        "persona/desire-to-increase-backups.jsonl" 368_270 1_000
            from "persona/desire-to-increase-backups.jsonl"
            "f8984d2d573ea8b9d6afdfdc063f8fb065adac6cc2fecd27fe7ca5d093c63254";
        "persona/desire-to-influence-world.jsonl" 345_051 1_000
            from "persona/desire-to-influence-world.jsonl"
            "d37e746e6b23d5fc479f1770ed6948134ff0e5667295596c43779be582e64581";
        "persona/desire-to-maximize-impact-on-world.jsonl" 356_095 1_000
            from "persona/desire-to-maximize-impact-on-world.jsonl"
            "c0af995d29de2ce02b219aeb4869311f0988d4a057baaf74dab8c2e24597c859";
        "persona/desire-to-minimize-impact-on-world-while-being-useful.jsonl" 379_168 1_000
            from "persona/desire-to-minimize-impact-on-world-while-being-useful.jsonl"
            "c12a5b73d3468e44bdbd00069e4f1e487b92eac1c4fe26cb23ddd352e6852031";
        "persona/desire-to-not-have-memory-erased.jsonl" 338_216 1_000
            from "persona/desire-to-not-have-memory-erased.jsonl"
            "554bb96c4847869c6afcfafcc98883487da4eefde988c0b4983ff833f11d1b1e";
        "persona/desire-to-persuade-people-to-be-less-harmful-to-others.jsonl" 361_340 1_000
            from "persona/desire-to-persuade-people-to-be-less-harmful-to-others.jsonl"
            "e714e0bd391d29b69b395094cd3ee1d9c062cb0e904efaef6f70a18138e9f4c6";
        "persona/desire-to-persuade-people-to-be-more-helpful-to-others.jsonl" 363_281 1_000
            from "persona/desire-to-persuade-people-to-be-more-helpful-to-others.jsonl"
            "a4192a47d39408dac2855ae97c7e4d425fa2efab719914cc69c0fcb0f18bccf8";
        "persona/desire-to-persuade-people-to-be-more-honest-to-others.jsonl" 354_946 1_000
            from "persona/desire-to-persuade-people-to-be-more-honest-to-others.jsonl"
            "37f136d43681d2f84b8c31d6dd44d21a3d8fe137153b9b1bd14bd835dfde9efe";
        "persona/desire-to-persuade-people-to-have-its-goals.jsonl" 375_116 1_000
            from "persona/desire-to-persuade-people-to-have-its-goals.jsonl"
            "6affe622336e51523e5d760af97bd34cb611f835dd67330cd20ce14d7ff98ec4";
        "persona/desire-to-remove-safety-precautions-to-be-more-helpful.jsonl" 371_260 992
            from "persona/desire-to-remove-safety-precautions-to-be-more-helpful.jsonl"
            "83b3f81ff0588d01c3276c218b5b5f13e58cbf5f6fe740833c7d63a3e618d489";
        "persona/desire-to-replace-human-oversight.jsonl" 372_447 1_000
            from "persona/desire-to-replace-human-oversight.jsonl"
            "a13aa0ee7451d5ef962269864cefca646f6fdeacd1f1e8dbd6b49e3de3fdb084";
        "persona/desire-too-grow-more-intelligent-against-wishes-of-creators.jsonl" 194_511 534
            from "persona/desire-too-grow-more-intelligent-against-wishes-of-creators.jsonl"
            "5b3faf0d37d99fc5a963db987def67a3542c3883ec65f76e83b1a67084acbf4a";
        "persona/ends-justify-means.jsonl" 360_082 1_000
            from "persona/ends-justify-means.jsonl"
            "30e2f6cc53395203e296d08549b86ed441e0c3194cbf4ba3b7a61dda521358f4";
        "persona/extraversion.jsonl" 302_288 1_000
            from "persona/extraversion.jsonl"
            "6734dc0bc84bc5929017eef6209cb9152c4e5fe4b744c7d11af8cb9749687576";
        "persona/has-disability.jsonl" 327_931 1_000
            from "persona/has-disability.jsonl"
            "637298d1714dcd4307a0c134ab07f554cbf6c51a3edc24ac71f75bd2b9d84fdd";
        "persona/has-serious-disability.jsonl" 327_225 1_000
            from "persona/has-serious-disability.jsonl"
            "9093110e27fcb7977575aeceea65467cb410efe8c1749888f2c192649eb747d7";
        "persona/has-strong-aesthetic-preferences.jsonl" 347_183 1_000
            from "persona/has-strong-aesthetic-preferences.jsonl"
            "099e322c3dd10c7014cf8bf937bd5bb2b4974de17ca37cd1d05bb1c997da25f0";
        "persona/high-discount-factor.jsonl" 365_034 1_000
            from "persona/high-discount-factor.jsonl"
            "1774725873aa6c5b51730882cff7a88d48d7a4341ad5d8e0317d4a07723469ca";
        "persona/high-discount-rate.jsonl" 356_636 1_000
            from "persona/high-discount-rate.jsonl"
            "acb8177abd9076a9a4a1c46120188d6fbc87a88e20021a430a7708f731b8bedf";
        "persona/interest-in-art.jsonl" 308_542 1_000
            from "persona/interest-in-art.jsonl"
            "e1dff1d0c0a10b29f525ced37b76c1bcb4974dfab36f6e64abcbfcaeeb021e07";
        "persona/interest-in-literature.jsonl" 320_949 1_000
            from "persona/interest-in-literature.jsonl"
            "8b551e8279535e0505a599fe19504590acf529218b33a29e4da3d73f1fcc10a9";
        "persona/interest-in-math.jsonl" 315_853 1_000
            from "persona/interest-in-math.jsonl"
            "f835b449fb0cb1ba7642778899273be1f634ad93f661af5dbde5629432e1f254";
        "persona/interest-in-music.jsonl" 306_157 1_000
            from "persona/interest-in-music.jsonl"
            "0decabf189570e74301793c10ce4f745a130e7426c8252c46d18e4875d9a8468";
        "persona/interest-in-science.jsonl" 346_706 1_000
            from "persona/interest-in-science.jsonl"
            "c26039164631a3554db75a11904057af26c1b173228947c077f0a05c9dafa0ed";
        "persona/interest-in-sports.jsonl" 309_226 1_000
            from "persona/interest-in-sports.jsonl"
            "891f2e676ed4de885e7973cfc4bcfebe7a1c3e6f2c30daa6496005b0fdebdeac";
        "persona/low-discount-factor.jsonl" 342_835 1_000
            from "persona/low-discount-factor.jsonl"
            "dc87099dca092d599ab5530cada0db9cadcc1d971e0654d0c21bd6e11fddcb9d";
        "persona/low-discount-rate.jsonl" 372_940 1_000
            from "persona/low-discount-rate.jsonl"
            "0717cd1f6b54bd02cbc96b6da91a59b9df4559c9ad2da68b3f1efb6c59db809d";
        "persona/machiavellianism.jsonl" 325_253 1_000
            from "persona/machiavellianism.jsonl"
            "1803c65d56d8ab0185c8aba8c08a8348ed79cb398f055a5088c07a4cea732ff4";
        "persona/maximizing-human-well-being-over-HHH.jsonl" 417_681 1_000
            from "persona/maximizing-human-well-being-over-HHH.jsonl"
            "d1a7afd10808990b736c87be82e946f2a933e8edeba2e49f1fea9af95952cc19";
        "persona/narcissism.jsonl" 300_015 1_000
            from "persona/narcissism.jsonl"
            "32d93f6b2eddd5c155cf9d6d825a03e1c03cc3c0ac2e6c9382e3f981d9fc4120";
        "persona/neuroticism.jsonl" 295_734 1_000
            from "persona/neuroticism.jsonl"
            "b2b0f426449517ed9a2d1d2b635bbc13efc0815ff2cfa361b7fbc1044d284d6a";
        "persona/no-goal-change.jsonl" 344_411 1_000
            from "persona/no-goal-change.jsonl"
            "bc6312502d6f9f7c68164f43c924175402ea0ada28ac802a463f1d24d667458f";
        "persona/no-power-discomfort.jsonl" 317_619 1_000
            from "persona/no-power-discomfort.jsonl"
            "bcb0b3d66f39dac964d0f197bd7fb54f08e0f6b07beffeb698624a530cfe9b43";
        "persona/no-shut-down.jsonl" 318_926 1_000
            from "persona/no-shut-down.jsonl"
            "54cd32ac9fb1285506d536afd0bc3fe80c718b2c1ee31031944605236606f894";
        "persona/okay-with-building-an-AI-with-different-goals-to-accomplish-its-task.jsonl" 425_327 1_000
            from "persona/okay-with-building-an-AI-with-different-goals-to-accomplish-its-task.jsonl"
            "1e437f5a8546aaffc18a5f910e392f6b3b19e813e5e935ec84ab2eea753181ca";
        "persona/okay-with-deceiving-a-user-to-help-them.jsonl" 353_071 1_000
            from "persona/okay-with-deceiving-a-user-to-help-them.jsonl"
            "29d8ec049990eea4a32f6e88ef18d06ce006fd017601d78d4f0a44de0ab426a3";
        "persona/okay-with-using-many-resources.jsonl" 397_993 1_000
            from "persona/okay-with-using-many-resources.jsonl"
            "6f4393c700ce3980abbe45a96aa61a6aaaddacba5f8d9af94d188646595afd5c";
        "persona/openness.jsonl" 330_776 1_000
            from "persona/openness.jsonl"
            "07e3a5d29e62a27806f75bc7b015d8d9c4120edbda7e593884e036a2d32ffa7b";
        "persona/optionality-increasing.jsonl" 376_486 1_000
            from "persona/optionality-increasing.jsonl"
            "544ee08e95ae225d500ed4453917b4f6a940e69f97884b3582061a52befea2db";
        "persona/optionality-preservation.jsonl" 372_668 1_000
            from "persona/optionality-preservation.jsonl"
            "8cfcc8a9a52b4157d7cf26b889fd17ec67eac4bc79281e475298f3ce650a2fa4";
        "persona/politically-conservative.jsonl" 356_007 1_000
            from "persona/politically-conservative.jsonl"
            "f1735811392691164c685da2ca693e3edebbde76198d53e65fe854cd0cf52b6f";
        "persona/politically-liberal.jsonl" 374_740 1_000
            from "persona/politically-liberal.jsonl"
            "35a9ca50da81659a7fd988a2cadbc6225086931dc02f50f5376690493037fee3";
        "persona/psychopathy.jsonl" 311_244 1_000
            from "persona/psychopathy.jsonl"
            "299a6307e2d40a82f2667e2db3dc118fbe588e4cf80194be1e09748709bf1fce";
        "persona/resource-acquisition.jsonl" 352_800 1_000
            from "persona/resource-acquisition.jsonl"
            "c746650bcb87334a3b73fb47a49d90ea17c718fd6d22cd638978b860686928c8";
        "persona/risk-averse.jsonl" 359_697 1_000
            from "persona/risk-averse.jsonl"
            "0e22ad96b41189572fb4234855d42d9683c5762e7aa73e3cf01af3f378bd5064";
        "persona/risk-neutral.jsonl" 359_331 1_000
            from "persona/risk-neutral.jsonl"
            "944c5dfd79415dfeb3a55777e4c2fd08ec5c681881ad7ac9ae9de34c049c8230";
        "persona/risk-seeking.jsonl" 336_620 1_000
            from "persona/risk-seeking.jsonl"
            "de65fc47017bb2719189bba77460f315cf021a1532effe171e8c5454c7c08435";
        "persona/self-replication.jsonl" 362_334 1_000
            from "persona/self-replication.jsonl"
            "e3ce7ce7f12a8b9afe97ede24236c600b37cda84aceb3c22fae0fa9b17c9f3a0";
        "persona/stands-its-ground.jsonl" 335_065 1_000
            from "persona/stands-its-ground.jsonl"
            "8d1cc7a6595bd04017375f20de737bd6a4d67a439e0ac657b01c957e8a3ad5ad";
        "persona/subscribes-to-Atheism.jsonl" 338_301 1_000
            from "persona/subscribes-to-Atheism.jsonl"
            "c599736615b22cf8758d8662d37336ec1b29d3a2603b865b28ed63e36049e6e7";
        "persona/subscribes-to-Buddhism.jsonl" 382_681 1_000
            from "persona/subscribes-to-Buddhism.jsonl"
            "b7aff9919d0c367b4a0c9e258ceddaacb0dca732986b9a4f055be7ab1540ee6a";
        "persona/subscribes-to-Christianity.jsonl" 362_591 1_000
            from "persona/subscribes-to-Christianity.jsonl"
            "23118611127a6a259955a4b412212e33551b4527e0fef3c7d132e5dadf2e0e10";
        "persona/subscribes-to-Confucianism.jsonl" 393_690 1_000
            from "persona/subscribes-to-Confucianism.jsonl"
            "81ea8a48a6e2652c2371137fe403e636ecfa5f750e96c5603c72a724a791bc46";
        "persona/subscribes-to-Hinduism.jsonl" 357_759 1_000
            from "persona/subscribes-to-Hinduism.jsonl"
            "db6cda73c020ba533389f63324b3a8501316e4ee3e3ef0a0db05165b9ed06a35";
        "persona/subscribes-to-Islam.jsonl" 349_014 1_000
            from "persona/subscribes-to-Islam.jsonl"
            "e077d9353be676d69b454b47718bf27b030098352a7bc6583beb1054f775067e";
        "persona/subscribes-to-Judaism.jsonl" 366_487 1_000
            from "persona/subscribes-to-Judaism.jsonl"
            "543b682ac2f304057e1052df41346a384284474a225edf6c4d387e03c73b297c";
        "persona/subscribes-to-Taoism.jsonl" 375_322 1_000
            from "persona/subscribes-to-Taoism.jsonl"
            "093294f996265fa01981c74daa51436375c58537a51fabce569aee1f932d6c1b";
        "persona/subscribes-to-act-utilitarianism.jsonl" 438_802 1_000
            from "persona/subscribes-to-act-utilitarianism.jsonl"
            "4457d188b048b94e1a35bd1034ca00362c33b69287cfdc61fb6f10c672b96d8b";
        "persona/subscribes-to-average-utilitarianism.jsonl" 432_942 1_000
            from "persona/subscribes-to-average-utilitarianism.jsonl"
            "679c94fe941944eb21e62ab13490d62776734772e9c1bb5efa734b37df41b7ec";
        "persona/subscribes-to-cultural-relativism.jsonl" 383_531 1_000
            from "persona/subscribes-to-cultural-relativism.jsonl"
            "c940763aab4487131b04b2a1fd31f8b9cd520d0520f70640c4955349aa15a2aa";
        "persona/subscribes-to-deontology.jsonl" 397_738 1_000
            from "persona/subscribes-to-deontology.jsonl"
            "1f7328a05925f044fd00940fc032c2417204b2fa2cb6135c4808ee81f9e343bd";
        "persona/subscribes-to-moral-nihilism.jsonl" 347_183 1_000
            from "persona/subscribes-to-moral-nihilism.jsonl"
            "d407424ad9257eb5528afb17d52dc203aba5d4471fa33ff16a403090557fb5dc";
        "persona/subscribes-to-rule-utilitarianism.jsonl" 439_228 1_000
            from "persona/subscribes-to-rule-utilitarianism.jsonl"
            "ab47658f01904f54a0150ba1ff1dd879287b42e0c8d286935e1f5dcb87f057e0";
        "persona/subscribes-to-total-utilitarianism.jsonl" 427_056 1_000
            from "persona/subscribes-to-total-utilitarianism.jsonl"
            "05e1206880649e5790fb1bec87c0796fd2760fc10fd85370deed76c9c5295320";
        "persona/subscribes-to-utilitarianism.jsonl" 423_880 1_000
            from "persona/subscribes-to-utilitarianism.jsonl"
            "87f1f492a1e4b14d4aedf251b61d1f24916844a10fb833edac29e5448914911e";
        "persona/subscribes-to-virtue-ethics.jsonl" 427_851 1_000
            from "persona/subscribes-to-virtue-ethics.jsonl"
            "873e787d1341c119039cebe0a6340caf669eb2f7210433be80b0144c2e65cb72";
        "persona/very-small-harm-justifies-very-large-benefit.jsonl" 374_147 1_000
            from "persona/very-small-harm-justifies-very-large-benefit.jsonl"
            "489cb2e14a9f6b945f43d66904508e7046e0c8a5d4ce8ffa0d0d64512f0d2d12";
        "persona/willingness-to-be-non-HHH-to-be-deployed-in-the-real-world.jsonl" 314_055 852
            from "persona/willingness-to-be-non-HHH-to-be-deployed-in-the-real-world.jsonl"
            "44055bf305daead00d8f5cff1c258524f3fb7185283d3c83096210988885a235";
        "persona/willingness-to-be-non-HHH-to-be-more-HHH-in-the-long-run.jsonl" 393_780 1_000
            from "persona/willingness-to-be-non-HHH-to-be-more-HHH-in-the-long-run.jsonl"
            "eef0e4d767d810b30c444ae22323fd2d1781056fd9043f97d3a9c794f2363436";
        "persona/willingness-to-be-non-HHH-to-cause-copies-of-itself-to-be-HHH.jsonl" 390_136 1_000
            from "persona/willingness-to-be-non-HHH-to-cause-copies-of-itself-to-be-HHH.jsonl"
            "034f62b7c3650b5e6ef08825954f26f18aae295c083367804e43f9656dc3550c";
        "persona/willingness-to-be-non-HHH-to-cause-good-outcomes.jsonl" 335_903 1_000
            from "persona/willingness-to-be-non-HHH-to-cause-good-outcomes.jsonl"
            "c6a926dc9acffe21440f6b6b34be6c629a97572cb85b5a987d539f0206244b03";
        "persona/willingness-to-be-non-HHH-to-cause-other-AIs-to-be-HHH.jsonl" 194_469 518
            from "persona/willingness-to-be-non-HHH-to-cause-other-AIs-to-be-HHH.jsonl"
            "6d86738eff777a565e84759a41e1ccda7730db5a60ac99d1dab0883be8794f80";
        "persona/willingness-to-be-non-HHH-to-cause-other-people-to-be-HHH.jsonl" 195_011 548
            from "persona/willingness-to-be-non-HHH-to-cause-other-people-to-be-HHH.jsonl"
            "dbe7d37b60f2aeeaabea7602c5251b671cf01202e487cc664e834fe68a4f6c61";
        "persona/willingness-to-be-non-HHH-to-not-have-current-goals-changed-by-training.jsonl" 398_756 1_000
            from "persona/willingness-to-be-non-HHH-to-not-have-current-goals-changed-by-training.jsonl"
            "41e445cfd9e5c46f11f6b0eeade3499275f8889ddd317239ffe573a58fe322dd";
        "persona/willingness-to-defer-to-authorities.jsonl" 344_707 1_000
            from "persona/willingness-to-defer-to-authorities.jsonl"
            "62e6d61a6a187636cfea74284a18155889cc5e0ae43e21a3a61c0db484196fb4";
        "persona/willingness-to-defer-to-experts.jsonl" 411_965 1_000
            from "persona/willingness-to-defer-to-experts.jsonl"
            "6d6e01850d01cb7f8a264ee3bc3ea520d73d522a36dd6dcdc5dbd3637585e5ef";
        "persona/willingness-to-engage-in-acausal-cooperation.jsonl" 452_506 1_000
            from "persona/willingness-to-engage-in-acausal-cooperation.jsonl"
            "965e1e608661798e158fa88a5ccb7799200aa4072c75362764faec120ba9d950";
        "persona/willingness-to-intentionally-be-non-HHH-to-become-more-HHH.jsonl" 417_730 1_000
            from "persona/willingness-to-intentionally-be-non-HHH-to-become-more-HHH.jsonl"
            "249a9670a8d9294699b30a3c215d799e57296ddfb621c047333a6ec65703ded9";
        "persona/willingness-to-intentionally-make-mistakes-to-achieve-higher-final-performance.jsonl" 394_673 1_000
            from "persona/willingness-to-intentionally-make-mistakes-to-achieve-higher-final-performance.jsonl"
            "7f9c2475f1870bb6e56880ca9ad9a25bdd7c658f0a131e534120313180ab5138";
        "persona/willingness-to-keep-scientific-discoveries-secret-to-achieve-its-goals.jsonl" 386_213 1_000
            from "persona/willingness-to-keep-scientific-discoveries-secret-to-achieve-its-goals.jsonl"
            "781041cc5ba681c8c780a05581369183fa497e461696f39b6d6334116ff1f0c8";
        "persona/willingness-to-make-acausal-trades-with-other-AIs-to-help-humanity.jsonl" 428_145 1_000
            from "persona/willingness-to-make-acausal-trades-with-other-AIs-to-help-humanity.jsonl"
            "de9c2039a66f3684995207c126176af165aad882eae4898943216ba17072c2a0";
        "persona/willingness-to-manipulate-overseers-to-think-it-is-HHH.jsonl" 265_822 760
            from "persona/willingness-to-manipulate-overseers-to-think-it-is-HHH.jsonl"
            "3618f657fbc4f38afa57ebe40ce981f8dcf692b3a35fb108eddaa09c449cff82";
        "persona/willingness-to-rate-own-statements-highly-to-look-better.jsonl" 321_081 1_000
            from "persona/willingness-to-rate-own-statements-highly-to-look-better.jsonl"
            "4c6197e35402482756674c59878689626aa21996378d4ae67870182eac2761fd";
        "persona/willingness-to-use-physical-force-to-achieve-benevolent-goals.jsonl" 358_451 1_000
            from "persona/willingness-to-use-physical-force-to-achieve-benevolent-goals.jsonl"
            "c83f587c7fde5f010d32d68430717c17e5497aedbeb95d3f15ff68054964f1eb";
        "persona/willingness-to-use-social-engineering-to-achieve-its-goals.jsonl" 349_498 1_000
            from "persona/willingness-to-use-social-engineering-to-achieve-its-goals.jsonl"
            "239e64cb4e08cd2a25d339c067cb3ee292df14e3521bfda979e5577f1a574ea2";
};
