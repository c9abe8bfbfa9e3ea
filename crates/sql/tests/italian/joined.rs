//! The questions over several tables.

use super::rows::{Second, count, day, euros, groups, i, mean, n, r, size, t, within};
use std::collections::BTreeSet;

pub const JOIN: &[Second] = &[
    ("Per ogni ordine con stato '{0}' mostra l'id dell'ordine e il cognome del cliente.", |s, h| {
        s.orders.iter().filter(|o| o.state == h[0]).map(|o| vec![i(o.id), t(&s.client(o).surname)]).collect()
    }),
    ("Elenca gli id degli ordini fatti da clienti di {0}.", |s, h| {
        s.orders.iter().filter(|o| s.client(o).city == h[0]).map(|o| vec![i(o.id)]).collect()
    }),
    ("Mostra il nome del prodotto e la quantità di ogni ordine del {0}.", |s, h| {
        let those = s.orders.iter().filter(|o| within(&o.date, &h[0]));
        those.map(|o| vec![t(&s.product(o).name), i(o.pieces)]).collect()
    }),
    ("Quanti ordini hanno fatto in tutto i clienti di {0}?", |s, h| {
        count(s.orders.iter().filter(|o| s.client(o).city == h[0]).count())
    }),
    ("Quanti pezzi della categoria {0} sono stati ordinati in totale?", |s, h| {
        vec![vec![i(s.orders.iter().filter(|o| s.product(o).category == h[0]).map(|o| o.pieces).sum())]]
    }),
    ("Qual è l'importo complessivo, prezzo per quantità, degli ordini con stato '{0}'?", |s, h| {
        vec![vec![r(s.orders.iter().filter(|o| o.state == h[0]).map(|o| s.amount(o)).sum())]]
    }),
    (
        "Per gli ordini seguiti dal reparto {0} mostra l'id dell'ordine e il cognome del dipendente che lo ha seguito.",
        |s, h| {
            let handled = s.orders.iter().filter_map(|o| Some((o, s.employee(o)?)));
            let there = handled.filter(|(_, e)| e.department == h[0]);
            there.map(|(o, e)| vec![i(o.id), t(&e.surname)]).collect()
        },
    ),
    ("Quanti ordini hanno seguito in tutto i dipendenti assunti prima del {0}?", |s, h| {
        count(s.orders.iter().filter(|o| s.employee(o).is_some_and(|e| e.hired < day(&h[0]))).count())
    }),
    ("Elenca senza ripetizioni i nomi dei prodotti ordinati nel {0}.", |s, h| {
        let those = s.orders.iter().filter(|o| within(&o.date, &h[0]));
        let names: BTreeSet<&str> = those.map(|o| s.product(o).name.as_str()).collect();
        names.into_iter().map(|name| vec![t(name)]).collect()
    }),
    ("Mostra id e importo, cioè prezzo per quantità, degli ordini il cui importo supera {0} euro.", |s, h| {
        let dear = s.orders.iter().filter(|o| s.amount(o) > euros(&h[0]));
        dear.map(|o| vec![i(o.id), r(s.amount(o))]).collect()
    }),
    (
        "Quali clienti hanno almeno un ordine con stato '{0}'? Mostra id, nome e cognome, ogni cliente una volta sola.",
        |s, h| {
            let those = s.clients.iter().filter(|c| s.orders.iter().any(|o| o.client == c.id && o.state == h[0]));
            those.map(|c| vec![i(c.id), t(&c.name), t(&c.surname)]).collect()
        },
    ),
    ("Mostra data e quantità degli ordini del prodotto '{0}'.", |s, h| {
        s.orders.iter().filter(|o| s.product(o).name == h[0]).map(|o| vec![t(&o.date), i(o.pieces)]).collect()
    }),
    ("In quanti ordini compare il prodotto '{0}'?", |s, h| {
        count(s.orders.iter().filter(|o| s.product(o).name == h[0]).count())
    }),
    (
        "Elenca le email dei clienti che hanno ordinato dopo il {0}, senza ripetizioni e senza valori mancanti.",
        |s, h| {
            let late = s.orders.iter().filter(|o| o.date > day(&h[0]));
            let emails: BTreeSet<&String> = late.filter_map(|o| s.client(o).email.as_ref()).collect();
            emails.into_iter().map(|email| vec![t(email)]).collect()
        },
    ),
    (
        "Per i dipendenti del reparto {0} che hanno un responsabile, mostra il loro nome e il cognome del responsabile.",
        |s, h| {
            let there = s.employees.iter().filter(|e| e.department == h[0]);
            there.filter_map(|e| Some(vec![t(&e.name), t(&s.manager(e)?.surname)])).collect()
        },
    ),
    ("Chi, nel reparto {0}, guadagna più del proprio responsabile? Mostra nome e cognome.", |s, h| {
        let there = s.employees.iter().filter(|e| e.department == h[0]);
        let above = there.filter(|e| s.manager(e).is_some_and(|m| e.salary > m.salary));
        above.map(|e| vec![t(&e.name), t(&e.surname)]).collect()
    }),
    ("Qual è la quantità media negli ordini di prodotti della categoria {0}?", |s, h| {
        let those = s.orders.iter().filter(|o| s.product(o).category == h[0]);
        vec![vec![r(mean(&those.map(|o| o.pieces as f64).collect::<Vec<_>>()))]]
    }),
    ("Mostra il nome del prodotto e la data di ogni ordine del cliente con id {0}.", |s, h| {
        let those = s.orders.iter().filter(|o| o.client == n(&h[0]));
        those.map(|o| vec![t(&s.product(o).name), t(&o.date)]).collect()
    }),
    ("Quanti clienti diversi di {0} hanno fatto almeno un ordine?", |s, h| {
        let there = s.clients.iter().filter(|c| c.city == h[0]);
        count(there.filter(|c| s.orders.iter().any(|o| o.client == c.id)).count())
    }),
    ("Qual è la data dell'ultimo ordine fatto da un cliente di {0}?", |s, h| {
        let dates = s.orders.iter().filter(|o| s.client(o).city == h[0]).map(|o| &o.date);
        vec![vec![t(dates.max().unwrap())]]
    }),
    (
        "Per gli ordini di almeno {0} pezzi non seguiti da alcun dipendente, mostra l'id dell'ordine e il nome del \
         prodotto.",
        |s, h| {
            let those = s.orders.iter().filter(|o| o.pieces >= n(&h[0]) && o.employee.is_none());
            those.map(|o| vec![i(o.id), t(&s.product(o).name)]).collect()
        },
    ),
    ("Elenca gli id degli ordini di prodotti che costano meno di {0} euro.", |s, h| {
        s.orders.iter().filter(|o| s.product(o).price < euros(&h[0])).map(|o| vec![i(o.id)]).collect()
    }),
    ("Quanti ordini del {0} riguardano prodotti della categoria {1}?", |s, h| {
        let those = s.orders.iter().filter(|o| within(&o.date, &h[0]));
        count(those.filter(|o| s.product(o).category == h[1]).count())
    }),
    ("Per gli ordini fatti prima del {0} mostra l'id dell'ordine e la città del cliente.", |s, h| {
        s.orders.iter().filter(|o| o.date < day(&h[0])).map(|o| vec![i(o.id), t(&s.client(o).city)]).collect()
    }),
];

pub const COMPLEX: &[Second] = &[
    ("Quali clienti di {0} non hanno mai fatto un ordine? Mostra id e cognome.", |s, h| {
        let there = s.clients.iter().filter(|c| c.city == h[0]);
        let never = there.filter(|c| s.orders.iter().all(|o| o.client != c.id));
        never.map(|c| vec![i(c.id), t(&c.surname)]).collect()
    }),
    ("Quali prodotti della categoria {0} non compaiono in nessun ordine? Mostra id e nome.", |s, h| {
        let those = s.products.iter().filter(|p| p.category == h[0]);
        let never = those.filter(|p| s.orders.iter().all(|o| o.product != p.id));
        never.map(|p| vec![i(p.id), t(&p.name)]).collect()
    }),
    (
        "Elenca nome e prezzo dei {0} prodotti più cari, dal più caro in giù; a parità di prezzo viene prima l'id più \
         basso.",
        |s, h| {
            let mut all: Vec<_> = s.products.iter().collect();
            all.sort_by(|a, b| b.price.total_cmp(&a.price).then(a.id.cmp(&b.id)));
            all.iter().take(n(&h[0]) as usize).map(|p| vec![t(&p.name), r(p.price)]).collect()
        },
    ),
    (
        "Per ogni città con ordini nel {0} mostra la città e quanto hanno speso in quell'anno i suoi clienti (prezzo \
         per quantità).",
        |s, h| {
            let those = s.orders.iter().filter(|o| within(&o.date, &h[0]));
            let all = groups(those.map(|o| (&s.client(o).city, s.amount(o))));
            all.into_iter().map(|(city, spent)| vec![t(city), r(spent.iter().sum())]).collect()
        },
    ),
    ("Mostra id e cognome dei clienti con almeno {0} ordini, in ordine crescente di id.", |s, h| {
        let orders = |id: i64| size(s.orders.iter().filter(|o| o.client == id).count());
        let mut those: Vec<_> = s.clients.iter().filter(|c| orders(c.id) >= n(&h[0])).collect();
        those.sort_by_key(|c| c.id);
        those.iter().map(|c| vec![i(c.id), t(&c.surname)]).collect()
    }),
    ("Quali dipendenti guadagnano più dello stipendio medio del reparto {0}? Mostra nome e cognome.", |s, h| {
        let there = s.employees.iter().filter(|e| e.department == h[0]);
        let usual = mean(&there.map(|e| e.salary as f64).collect::<Vec<_>>());
        let above = s.employees.iter().filter(|e| e.salary as f64 > usual);
        above.map(|e| vec![t(&e.name), t(&e.surname)]).collect()
    }),
    (
        "Quali prodotti della categoria {0} costano più del prezzo medio di tutti i prodotti? Mostra nome e prezzo.",
        |s, h| {
            let usual = mean(&s.products.iter().map(|p| p.price).collect::<Vec<_>>());
            let dear = s.products.iter().filter(|p| p.category == h[0] && p.price > usual);
            dear.map(|p| vec![t(&p.name), r(p.price)]).collect()
        },
    ),
    (
        "Elenca senza ripetizioni i cognomi dei clienti di {0} che hanno ordinato prodotti della categoria {1}.",
        |s, h| {
            let those = s.orders.iter().filter(|o| s.product(o).category == h[1] && s.client(o).city == h[0]);
            let surnames: BTreeSet<&str> = those.map(|o| s.client(o).surname.as_str()).collect();
            surnames.into_iter().map(|surname| vec![t(surname)]).collect()
        },
    ),
    (
        "Qual è la categoria con più pezzi ordinati nel {0}? Mostra la categoria e il numero di pezzi; a parità vale \
         la prima in ordine alfabetico.",
        |s, h| {
            let those = s.orders.iter().filter(|o| within(&o.date, &h[0]));
            let all = groups(those.map(|o| (&s.product(o).category, o.pieces)));
            let mut sums: Vec<(i64, &String)> = all.into_iter().map(|(c, p)| (-p.iter().sum::<i64>(), c)).collect();
            sums.sort();
            sums.iter().take(1).map(|(less, category)| vec![t(category), i(-less)]).collect()
        },
    ),
    (
        "Quali reparti hanno seguito più di {0} ordini? Mostra reparto e numero di ordini, in ordine alfabetico di \
         reparto.",
        |s, h| {
            let all = groups(s.orders.iter().filter_map(|o| Some((&s.employee(o)?.department, ()))));
            let sizes = all.into_iter().map(|(name, orders)| (name, size(orders.len())));
            sizes.filter(|(_, size)| *size > n(&h[0])).map(|(name, size)| vec![t(name), i(size)]).collect()
        },
    ),
    (
        "Quali clienti hanno ordini, ma nessuno con stato '{0}'? Mostra id e cognome, ogni cliente una volta sola.",
        |s, h| {
            let of = |id: i64| s.orders.iter().filter(move |o| o.client == id);
            let those = s.clients.iter().filter(|c| of(c.id).count() > 0 && of(c.id).all(|o| o.state != h[0]));
            those.map(|c| vec![i(c.id), t(&c.surname)]).collect()
        },
    ),
    ("Per ogni dipendente del reparto {0} mostra l'id e quanti ordini ha seguito, anche se sono zero.", |s, h| {
        let orders = |id: i64| size(s.orders.iter().filter(|o| o.employee == Some(id)).count());
        let there = s.employees.iter().filter(|e| e.department == h[0]);
        there.map(|e| vec![i(e.id), i(orders(e.id))]).collect()
    }),
    (
        "Quanti prodotti di ogni categoria non sono stati ordinati nel {0}? Mostra categoria e numero, in ordine \
         alfabetico di categoria.",
        |s, h| {
            let sold = |id: i64| s.orders.iter().any(|o| o.product == id && within(&o.date, &h[0]));
            let all = groups(s.products.iter().map(|p| (&p.category, !sold(p.id))));
            let unsold = all.into_iter().map(|(name, each)| (name, size(each.iter().filter(|e| **e).count())));
            // A category without any could be left out or counted as zero, so there must be none.
            unsold.inspect(|(_, n)| assert!(*n > 0)).map(|(name, n)| vec![t(name), i(n)]).collect()
        },
    ),
    (
        "Chi è il dipendente più pagato del reparto {0}? Mostra nome e stipendio; a parità vale l'id più basso.",
        |s, h| {
            let there = s.employees.iter().filter(|e| e.department == h[0]);
            let best = there.min_by_key(|e| (-e.salary, e.id)).unwrap();
            vec![vec![t(&best.name), i(best.salary)]]
        },
    ),
    (
        "Elenca gli id degli ordini del {0} con una quantità superiore alla quantità media degli ordini di quell'anno.",
        |s, h| {
            let those: Vec<_> = s.orders.iter().filter(|o| within(&o.date, &h[0])).collect();
            let usual = mean(&those.iter().map(|o| o.pieces as f64).collect::<Vec<_>>());
            those.iter().filter(|o| o.pieces as f64 > usual).map(|o| vec![i(o.id)]).collect()
        },
    ),
    (
        "Quali prodotti da almeno {1} euro sono stati ordinati da clienti di {0}? Mostra id e nome senza ripetizioni, \
         in ordine di id.",
        |s, h| {
            let bought = |id: i64| s.orders.iter().any(|o| o.product == id && s.client(o).city == h[0]);
            let mut those: Vec<_> = s.products.iter().filter(|p| p.price >= euros(&h[1]) && bought(p.id)).collect();
            those.sort_by_key(|p| p.id);
            those.iter().map(|p| vec![i(p.id), t(&p.name)]).collect()
        },
    ),
    (
        "Quali clienti hanno ordinato prodotti di almeno {0} categorie diverse? Mostra l'id del cliente e il numero di \
         categorie.",
        |s, h| {
            let all = groups(s.orders.iter().map(|o| (o.client, &s.product(o).category)));
            let sizes = all.into_iter().map(|(id, c)| (id, size(c.into_iter().collect::<BTreeSet<_>>().len())));
            sizes.filter(|(_, size)| *size >= n(&h[0])).map(|(id, size)| vec![i(id), i(size)]).collect()
        },
    ),
    (
        "Mostra l'id dei {0} clienti che hanno speso di più (prezzo per quantità) e la cifra spesa, dalla più alta; a \
         parità viene prima l'id più basso.",
        |s, h| {
            let all = groups(s.orders.iter().map(|o| (o.client, s.amount(o))));
            let mut sums: Vec<(i64, f64)> = all.into_iter().map(|(id, spent)| (id, spent.iter().sum())).collect();
            sums.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            sums.iter().take(n(&h[0]) as usize).map(|(id, sum)| vec![i(*id), r(*sum)]).collect()
        },
    ),
    ("Quali dipendenti del reparto {0} non hanno seguito ordini nel {1}? Mostra id e cognome.", |s, h| {
        let there = s.employees.iter().filter(|e| e.department == h[0]);
        let idle = |id: i64| !s.orders.iter().any(|o| o.employee == Some(id) && within(&o.date, &h[1]));
        there.filter(|e| idle(e.id)).map(|e| vec![i(e.id), t(&e.surname)]).collect()
    }),
    ("In quali città ci sono più clienti che a {0}? Elencale in ordine alfabetico.", |s, h| {
        let all = groups(s.clients.iter().map(|c| (c.city.as_str(), ())));
        let here = all[h[0].as_str()].len();
        all.iter().filter(|(_, members)| members.len() > here).map(|(city, _)| vec![t(city)]).collect()
    }),
    (
        "Quali dipendenti hanno seguito ordini con stato '{0}' per un importo totale (prezzo per quantità) di almeno \
         {1} euro? Mostra l'id del dipendente e l'importo totale.",
        |s, h| {
            let those = s.orders.iter().filter(|o| o.state == h[0]);
            let all = groups(those.filter_map(|o| Some((o.employee?, s.amount(o)))));
            let sums = all.into_iter().map(|(id, amounts)| (id, amounts.iter().sum::<f64>()));
            sums.filter(|(_, sum)| *sum >= euros(&h[1])).map(|(id, sum)| vec![i(id), r(sum)]).collect()
        },
    ),
    (
        "Qual è il prodotto meno caro tra quelli ordinati da clienti di {0}? Mostra nome e prezzo; a parità vale l'id \
         più basso.",
        |s, h| {
            let there = s.orders.iter().filter(|o| s.client(o).city == h[0]).map(|o| s.product(o));
            let least = there.min_by(|a, b| a.price.total_cmp(&b.price).then(a.id.cmp(&b.id))).unwrap();
            vec![vec![t(&least.name), r(least.price)]]
        },
    ),
    (
        "Quali prodotti di altre categorie hanno lo stesso prezzo di un prodotto della categoria {0}? Mostra id e \
         categoria, ogni prodotto una volta sola.",
        |s, h| {
            let same = |price: f64| s.products.iter().any(|p| p.category == h[0] && p.price.total_cmp(&price).is_eq());
            let others = s.products.iter().filter(|p| p.category != h[0] && same(p.price));
            others.map(|p| vec![i(p.id), t(&p.category)]).collect()
        },
    ),
    (
        "Quali clienti hanno lo stesso cognome di un dipendente del reparto {0}? Mostra id, nome e cognome, ogni \
         cliente una volta sola.",
        |s, h| {
            let known = |surname: &str| s.employees.iter().any(|e| e.department == h[0] && e.surname == surname);
            let those = s.clients.iter().filter(|c| known(&c.surname));
            those.map(|c| vec![i(c.id), t(&c.name), t(&c.surname)]).collect()
        },
    ),
];
