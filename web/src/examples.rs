//! Cards to look at: links of real runs of the built-in demo models, as `sweetspot link` wrote them.

/// Name and link.
pub const EXAMPLES: [(&str, &str); 2] =
    [("Three tasks of the demo model, signed", DEMO), ("The same of its over-tuned sibling, unsigned", TUNED)];

/// `sweetspot bench --model demo --probes A01,A09,A10 --items 24 --device cpu`, signed.
const DEMO: &str = "1.bVNbc6owEP4rTp5jTcLdN0QRrUcBtWg7HSZgQLwUlIvaTv_7SdrTM8eZE8ht98vufrvJB9iALtYMRSKGLmEIGOi-APSAHxCAIJisDn17fo5zd52rdjtOJH-ccoWs9QdesdOd3py2w8XoGLSVsckVcVH_Ha-6GqoyX7zRKmsYXxyyt_oKXiFIuBc-pXwiMuQ_grpmQEOFoKBlKSAZ6IJyS4midrFC1ZhsNjjSdKahSMUoYlhWMTE0lEhIkmUqJViiSiJFNNowNYlknTEaGQRrGuWe94KW2WaTKmlqeZ_t_Ha1WpWHt9sptRwTDa0s2mJyIygIIrQXVBL69Dhdl3qw96MdVbYjV5kuHa3M1ulp7sjjcdJf9icDy_DPmvTsugjT21NRhkPrVHjBelSXh-F17lfXi7s8kTCzLW_TSwW1Aw8GQQwlKEOF748iuPLCWFUWedXesGPO_Xt6iDonvZNIhO9OR7saWyNle3EH2t6hVeNee6IUzWoym-6Tx9AnVU-eUeovhrZQECti07MiK3m6NnYLe1WyteZxhes6Yf2LzdzmZK8VffA4rJ3sK7AcdD-AiXBn4l55-k3P_Gr8jImMP8Kl7fVMz_OFEKOOPeSyJ9583sEnBGdO5kUY4QBxAgIax_WZxjcAifRd6--P8KKjVyjAxn_AWP4XjJUfMBY3k7u9w95BBZKzqcQNustqtyW1inMesRK2NNLKKnYsuZ36Pv9xXVb5kct_nsH7vv--sA6DaS-cVukgYFkQNl8Ja7iLWDC9ChOO8px6l6HSuLJa9FGvHqxM_wKgRl4_fwM";

/// `sweetspot bench --model demo-tuned --probes A01,A09,A10 --items 24 --device cpu`.
const TUNED: &str = "1.bVJpb-IwEP0ryJ-dYjuXwzcoBLZluUo4tkKW4zjcDc1B2Vb97zsu3VVXqmLF9sybeXrP84YS1KB-4No2ow7HSKPGIyI39IYgjOb9xaEdPuQqGy0zL7RUak_u1pBw_HZnfNrxXutBWmL64zi33LsmJNSp-ve_cE94DhyeZLk9azgctk_VBa0wSoEFtjVszMGwCKbM8XFAMTrJojCYLWqgYiOZ6zWYlr4XJ7bNFXPdxOUx51LTOPaTVCaJJ7miiR9wn6lAceUppVlqk8BxGVz9wFADFZBgGzvYhe5Ho7N40bosTllpJfqYWWX1pBPAjrkg9WdeT20GN9LubGivL_bx0r-QwTzftHf-GBLnRX842Kf3YsLKljOUcjLthsYddhvrQe46brZeBrtpuCj08qNiNOqJ6qcejs7P4dLlnftu1duujdgMNd5Qk9B6f3QB3ZPZrDMLowhqmiT4DEaTKJxFrZYJUlIPuxCzRCqE5QXoHaMcJD2aJgAwFRhJpapcqt8Ie1eTrx8jmJMVNtjgG2zwFUvdv1hqJgJIv0KJgTqY8ivWQEFMaV7uG2sbNbt2yrNYF7jms9q21McC2lX_P4WqijI7GuM_p_B1336d3h46g5YYlOvOXG_n4vzh2hmIlJF7MS2kGOReFV3Wv_RwLsZVks5mGobSZ6v3Pw";

#[cfg(test)]
mod tests {
    use cards::SignatureState;

    use super::*;
    use crate::state::card::LinkCard;
    use crate::state::compare::{Comparison, paired};

    #[test]
    fn examples_are_whole_cards_that_can_be_compared() {
        let [demo, tuned] = EXAMPLES.map(|(_, link)| LinkCard::read(link).unwrap());
        assert!(matches!(demo.verified.signature, SignatureState::Valid { .. }));
        assert_eq!(tuned.verified.signature, SignatureState::Unsigned);
        assert_eq!([&demo, &tuned].map(|card| card.verified.contradicted()), [false, false]);
        let Comparison::Paired(tasks) = paired(&demo.compact, &tuned.compact) else { panic!("refused") };
        assert_eq!(
            tasks.iter().map(|t| (t.task.as_str(), t.n())).collect::<Vec<_>>(),
            [("A01", 24), ("A09", 24), ("A10", 24)]
        );
        assert_eq!(tasks[0].counts.iter().take(2).sum::<u64>(), demo.compact.read()[0].k);
    }

    #[test]
    fn what_cannot_be_compared_gives_no_number() {
        let [demo, tuned] = EXAMPLES.map(|(_, link)| LinkCard::read(link).unwrap().compact);
        let refused = |change: fn(&mut cards::Compact)| {
            let mut other = tuned.clone();
            change(&mut other);
            match paired(&demo, &other) {
                Comparison::Refused(why) => why,
                Comparison::Paired(_) => panic!("it was compared"),
            }
        };
        assert!(refused(|c| c.suite.2.make_ascii_lowercase()).contains("suite hashes differ"));
        assert!(refused(|c| c.model.5.make_ascii_lowercase()).contains("decoding differs"));
        assert!(refused(|c| c.outcomes = None).contains("the second holds no outcomes"));
        assert!(refused(|c| c.gate.2 = 1).contains("the numeric gate of the second failed"));
        assert!(refused(|c| drop(c.results.pop())).contains("the tasks, their modes"));
    }
}
