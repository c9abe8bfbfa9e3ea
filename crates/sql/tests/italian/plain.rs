//! The questions over one table.

use super::rows::{Second, count, day, euros, groups, i, mean, n, r, size, t, within};
use std::collections::BTreeSet;

pub const SIMPLE: &[Second] = &[
    ("Mostra nome e cognome dei clienti che abitano a {0}.", |s, h| {
        s.clients.iter().filter(|c| c.city == h[0]).map(|c| vec![t(&c.name), t(&c.surname)]).collect()
    }),
    ("Quali sono i nomi dei prodotti della categoria {0}?", |s, h| {
        s.products.iter().filter(|p| p.category == h[0]).map(|p| vec![t(&p.name)]).collect()
    }),
    ("Elenca id e prezzo dei prodotti che costano più di {0} euro.", |s, h| {
        s.products.iter().filter(|p| p.price > euros(&h[0])).map(|p| vec![i(p.id), r(p.price)]).collect()
    }),
    ("Dammi nome e giacenza dei prodotti con meno di {0} pezzi in giacenza.", |s, h| {
        s.products.iter().filter(|p| p.stock < n(&h[0])).map(|p| vec![t(&p.name), i(p.stock)]).collect()
    }),
    ("Mostra le email dei clienti di cognome {0}, tralasciando chi non ne ha una.", |s, h| {
        s.clients.iter().filter(|c| c.surname == h[0]).filter_map(|c| Some(vec![t(c.email.as_ref()?)])).collect()
    }),
    ("Elenca nome, cognome e stipendio di chi lavora nel reparto {0}.", |s, h| {
        let there = s.employees.iter().filter(|e| e.department == h[0]);
        there.map(|e| vec![t(&e.name), t(&e.surname), i(e.salary)]).collect()
    }),
    ("Quali dipendenti guadagnano almeno {0} euro? Mostra cognome e nome.", |s, h| {
        s.employees.iter().filter(|e| e.salary >= n(&h[0])).map(|e| vec![t(&e.surname), t(&e.name)]).collect()
    }),
    ("Mi servono gli id degli ordini con stato '{0}'.", |s, h| {
        s.orders.iter().filter(|o| o.state == h[0]).map(|o| vec![i(o.id)]).collect()
    }),
    ("Mostra id e data degli ordini fatti nel {0}.", |s, h| {
        s.orders.iter().filter(|o| within(&o.date, &h[0])).map(|o| vec![i(o.id), t(&o.date)]).collect()
    }),
    ("Elenca cognome e data di assunzione dei dipendenti assunti dopo il {0}.", |s, h| {
        s.employees.iter().filter(|e| e.hired > day(&h[0])).map(|e| vec![t(&e.surname), t(&e.hired)]).collect()
    }),
    ("Quali ordini sono di almeno {0} pezzi? Mostra id e quantità.", |s, h| {
        s.orders.iter().filter(|o| o.pieces >= n(&h[0])).map(|o| vec![i(o.id), i(o.pieces)]).collect()
    }),
    ("Di ogni cliente iscritto nel {0} mostra cognome e città.", |s, h| {
        s.clients.iter().filter(|c| within(&c.joined, &h[0])).map(|c| vec![t(&c.surname), t(&c.city)]).collect()
    }),
    ("Elenca i cognomi dei clienti di {0} che non hanno un'email.", |s, h| {
        let without = s.clients.iter().filter(|c| c.city == h[0] && c.email.is_none());
        without.map(|c| vec![t(&c.surname)]).collect()
    }),
    ("Mostra nome e prezzo dei prodotti che costano tra {0} e {1} euro, estremi compresi.", |s, h| {
        let range = euros(&h[0])..=euros(&h[1]);
        s.products.iter().filter(|p| range.contains(&p.price)).map(|p| vec![t(&p.name), r(p.price)]).collect()
    }),
    ("Mostra nome e cognome dei clienti che vivono a {0} oppure a {1}.", |s, h| {
        s.clients.iter().filter(|c| h.contains(&c.city)).map(|c| vec![t(&c.name), t(&c.surname)]).collect()
    }),
    ("Quali cognomi, senza ripetizioni, portano i clienti di {0}?", |s, h| {
        let all: BTreeSet<&str> = s.clients.iter().filter(|c| c.city == h[0]).map(|c| c.surname.as_str()).collect();
        all.into_iter().map(|surname| vec![t(surname)]).collect()
    }),
    ("Mostra nome e reparto dei dipendenti il cui cognome inizia per {0}.", |s, h| {
        let those = s.employees.iter().filter(|e| e.surname.starts_with(&h[0]));
        those.map(|e| vec![t(&e.name), t(&e.department)]).collect()
    }),
    ("Quali prodotti della categoria {0} hanno meno di {1} pezzi in giacenza? Mostra gli id.", |s, h| {
        let few = s.products.iter().filter(|p| p.category == h[0] && p.stock < n(&h[1]));
        few.map(|p| vec![i(p.id)]).collect()
    }),
    ("Dei clienti che di nome si chiamano {0} mostra il cognome e la città.", |s, h| {
        s.clients.iter().filter(|c| c.name == h[0]).map(|c| vec![t(&c.surname), t(&c.city)]).collect()
    }),
    ("Elenca gli id degli ordini con stato '{0}' fatti dal {1} in poi, quel giorno compreso.", |s, h| {
        s.orders.iter().filter(|o| o.state == h[0] && o.date >= day(&h[1])).map(|o| vec![i(o.id)]).collect()
    }),
    ("Chi nel reparto {0} ha uno stipendio inferiore a {1} euro? Mostra nome e stipendio.", |s, h| {
        let those = s.employees.iter().filter(|e| e.department == h[0] && e.salary < n(&h[1]));
        those.map(|e| vec![t(&e.name), i(e.salary)]).collect()
    }),
    ("Mostra nome e categoria dei prodotti il cui nome contiene la parola '{0}'.", |s, h| {
        let those = s.products.iter().filter(|p| p.name.split(' ').any(|word| word == h[0]));
        those.map(|p| vec![t(&p.name), t(&p.category)]).collect()
    }),
    ("Quali ordini con stato '{0}' non sono stati seguiti da nessun dipendente? Mostra id e data.", |s, h| {
        let alone = s.orders.iter().filter(|o| o.state == h[0] && o.employee.is_none());
        alone.map(|o| vec![i(o.id), t(&o.date)]).collect()
    }),
    ("Elenca nome e reparto dei dipendenti senza responsabile che guadagnano più di {0} euro.", |s, h| {
        let those = s.employees.iter().filter(|e| e.manager.is_none() && e.salary > n(&h[0]));
        those.map(|e| vec![t(&e.name), t(&e.department)]).collect()
    }),
];

pub const AGGREGATE: &[Second] = &[
    ("Quanti clienti abitano a {0}?", |s, h| count(s.clients.iter().filter(|c| c.city == h[0]).count())),
    ("Qual è il prezzo medio dei prodotti della categoria {0}?", |s, h| {
        let prices: Vec<f64> = s.products.iter().filter(|p| p.category == h[0]).map(|p| p.price).collect();
        vec![vec![r(mean(&prices))]]
    }),
    ("Quanti ordini hanno lo stato '{0}'?", |s, h| count(s.orders.iter().filter(|o| o.state == h[0]).count())),
    ("Qual è lo stipendio più alto del reparto {0}?", |s, h| {
        let most = s.employees.iter().filter(|e| e.department == h[0]).map(|e| e.salary).max();
        vec![vec![i(most.unwrap())]]
    }),
    ("Quanti pezzi in tutto sono stati ordinati nel {0}?", |s, h| {
        vec![vec![i(s.orders.iter().filter(|o| within(&o.date, &h[0])).map(|o| o.pieces).sum())]]
    }),
    (
        "Per ciascun reparto che ha dipendenti pagati più di {0} euro, mostra il reparto e quanti sono questi \
         dipendenti.",
        |s, h| {
            let paid = s.employees.iter().filter(|e| e.salary > n(&h[0]));
            let all = groups(paid.map(|e| (&e.department, e)));
            all.into_iter().map(|(name, members)| vec![t(name), i(size(members.len()))]).collect()
        },
    ),
    (
        "Considerando solo i prodotti con almeno {0} pezzi in giacenza, mostra ogni categoria con il suo prezzo medio.",
        |s, h| {
            let stocked = s.products.iter().filter(|p| p.stock >= n(&h[0]));
            let all = groups(stocked.map(|p| (&p.category, p.price)));
            all.into_iter().map(|(name, prices)| vec![t(name), r(mean(&prices))]).collect()
        },
    ),
    ("Quanti clienti si sono iscritti dopo il {0}?", |s, h| {
        count(s.clients.iter().filter(|c| c.joined > day(&h[0])).count())
    }),
    ("Quanti clienti di {0} hanno un'email?", |s, h| {
        count(s.clients.iter().filter(|c| c.city == h[0] && c.email.is_some()).count())
    }),
    ("Calcola il valore del magazzino per la categoria {0}, cioè la somma di prezzo per giacenza.", |s, h| {
        let those = s.products.iter().filter(|p| p.category == h[0]);
        vec![vec![r(those.map(|p| p.price * p.stock as f64).sum())]]
    }),
    ("In quante città diverse abitano i clienti iscritti nel {0}?", |s, h| {
        let those = s.clients.iter().filter(|c| within(&c.joined, &h[0]));
        count(those.map(|c| &c.city).collect::<BTreeSet<_>>().len())
    }),
    ("Quali città hanno almeno {0} clienti? Mostra la città e il numero di clienti.", |s, h| {
        let all = groups(s.clients.iter().map(|c| (&c.city, ())));
        let large = all.into_iter().map(|(city, members)| (city, size(members.len())));
        large.filter(|(_, size)| *size >= n(&h[0])).map(|(city, size)| vec![t(city), i(size)]).collect()
    }),
    ("Guarda gli ordini del {0}: per ogni stato mostra lo stato e quanti ordini sono.", |s, h| {
        let all = groups(s.orders.iter().filter(|o| within(&o.date, &h[0])).map(|o| (&o.state, ())));
        all.into_iter().map(|(state, members)| vec![t(state), i(size(members.len()))]).collect()
    }),
    ("Qual è la quantità media degli ordini con stato '{0}'?", |s, h| {
        let pieces: Vec<f64> = s.orders.iter().filter(|o| o.state == h[0]).map(|o| o.pieces as f64).collect();
        vec![vec![r(mean(&pieces))]]
    }),
    ("A quanto ammonta la somma degli stipendi del reparto {0}?", |s, h| {
        vec![vec![i(s.employees.iter().filter(|e| e.department == h[0]).map(|e| e.salary).sum())]]
    }),
    ("Quanti prodotti costano meno di {0} euro?", |s, h| {
        count(s.products.iter().filter(|p| p.price < euros(&h[0])).count())
    }),
    ("Tra i prodotti della categoria {0} con giacenza maggiore di zero, qual è il prezzo più basso?", |s, h| {
        let there = s.products.iter().filter(|p| p.category == h[0] && p.stock > 0);
        vec![vec![r(there.map(|p| p.price).reduce(f64::min).unwrap())]]
    }),
    ("In quali categorie il prezzo medio dei prodotti supera {0} euro? Mostra soltanto la categoria.", |s, h| {
        let all = groups(s.products.iter().map(|p| (&p.category, p.price)));
        let dear = all.into_iter().filter(|(_, prices)| mean(prices) > euros(&h[0]));
        dear.map(|(category, _)| vec![t(category)]).collect()
    }),
    ("Mostra la prima e l'ultima data in cui è stato fatto un ordine con stato '{0}'.", |s, h| {
        let mut dates: Vec<&String> = s.orders.iter().filter(|o| o.state == h[0]).map(|o| &o.date).collect();
        dates.sort();
        vec![vec![t(dates.first().unwrap()), t(dates.last().unwrap())]]
    }),
    (
        "Per ogni prodotto ordinato nel {0} mostra l'id del prodotto e la somma delle quantità di quell'anno.",
        |s, h| {
            let all = groups(s.orders.iter().filter(|o| within(&o.date, &h[0])).map(|o| (o.product, o.pieces)));
            all.into_iter().map(|(product, pieces)| vec![i(product), i(pieces.iter().sum())]).collect()
        },
    ),
    ("Quanti dipendenti sono stati assunti nel {0}?", |s, h| {
        count(s.employees.iter().filter(|e| within(&e.hired, &h[0])).count())
    }),
    ("Quanti responsabili diversi hanno i dipendenti del reparto {0}?", |s, h| {
        let there = s.employees.iter().filter(|e| e.department == h[0]);
        count(there.filter_map(|e| e.manager).collect::<BTreeSet<_>>().len())
    }),
    ("Quali clienti hanno fatto più di {0} ordini? Mostra l'id del cliente e il numero di ordini.", |s, h| {
        let all = groups(s.orders.iter().map(|o| (o.client, ())));
        let sizes = all.into_iter().map(|(client, orders)| (client, size(orders.len())));
        sizes.filter(|(_, size)| *size > n(&h[0])).map(|(client, size)| vec![i(client), i(size)]).collect()
    }),
    (
        "Tra gli assunti dopo il {0}, qual è in ogni reparto la differenza fra lo stipendio massimo e il minimo? \
         Mostra reparto e differenza.",
        |s, h| {
            let young = s.employees.iter().filter(|e| e.hired > day(&h[0]));
            let all = groups(young.map(|e| (&e.department, e.salary)));
            let spread = |salaries: Vec<i64>| salaries.iter().max().unwrap() - salaries.iter().min().unwrap();
            all.into_iter().map(|(name, salaries)| vec![t(name), i(spread(salaries))]).collect()
        },
    ),
];
