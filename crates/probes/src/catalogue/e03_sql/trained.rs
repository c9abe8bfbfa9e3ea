//! Frames of training: the same four kinds in other words.

use super::frames::{Frame, frame};
use super::slots::Slot::{
    Category, City, Client, Date, Department, Group, Name, Price, Product, Quantity, Salary, State, Stock, Surname,
    Top, Total, Year,
};

pub(super) const SIMPLE: &[Frame] = &[
    frame(
        "Trova i clienti residenti a {0}: riporta id, nome e cognome.",
        "SELECT id, nome, cognome FROM clienti WHERE citta = '{0}'",
        &[City],
    ),
    frame(
        "Che prezzo hanno gli articoli della categoria {0}? Riporta nome e prezzo.",
        "SELECT nome, prezzo FROM prodotti WHERE categoria = '{0}'",
        &[Category],
    ),
    frame(
        "Riporta il nome di tutti gli articoli venduti a non più di {0} euro.",
        "SELECT nome FROM prodotti WHERE prezzo <= {0}",
        &[Price],
    ),
    frame(
        "Per gli articoli con giacenza superiore a {0} riporta id, nome e giacenza.",
        "SELECT id, nome, giacenza FROM prodotti WHERE giacenza > {0}",
        &[Stock],
    ),
    frame(
        "Trova il reparto dei dipendenti che di cognome fanno {0}.",
        "SELECT reparto FROM dipendenti WHERE cognome = '{0}'",
        &[Surname],
    ),
    frame(
        "Chi è entrato in azienda il {0} o prima? Riporta nome, cognome e data di assunzione.",
        "SELECT nome, cognome, data_assunzione FROM dipendenti WHERE data_assunzione <= '{0}'",
        &[Date],
    ),
    frame(
        "Riporta id del cliente e quantità degli ordini datati {0}.",
        "SELECT cliente_id, quantita FROM ordini WHERE data_ordine = '{0}'",
        &[Date],
    ),
    frame(
        "Trova id e cognome dei clienti registrati a partire dal {0}.",
        "SELECT id, cognome FROM clienti WHERE data_iscrizione >= '{0}'",
        &[Date],
    ),
    frame(
        "Quali ordini risultano nello stato '{0}' e contano più di {1} pezzi? Riporta l'id.",
        "SELECT id FROM ordini WHERE stato = '{0}' AND quantita > {1}",
        &[State, Quantity],
    ),
    frame(
        "Riporta cognome e stipendio di chi nel reparto {0} prende più di {1} euro.",
        "SELECT cognome, stipendio FROM dipendenti WHERE reparto = '{0}' AND stipendio > {1}",
        &[Department, Salary],
    ),
    frame(
        "Trova i clienti di {0} il cui nome è {1}: riporta cognome ed email.",
        "SELECT cognome, email FROM clienti WHERE citta = '{0}' AND nome = '{1}'",
        &[City, Name],
    ),
    frame(
        "Quali articoli della categoria {0} si vendono a meno di {1} euro? Riporta nome, prezzo e giacenza.",
        "SELECT nome, prezzo, giacenza FROM prodotti WHERE categoria = '{0}' AND prezzo < {1}",
        &[Category, Price],
    ),
];

pub(super) const AGGREGATE: &[Frame] = &[
    frame(
        "Conta i dipendenti in forza al reparto {0}.",
        "SELECT COUNT(*) FROM dipendenti WHERE reparto = '{0}'",
        &[Department],
    ),
    frame(
        "Calcola la media degli stipendi di chi è entrato in azienda prima del {0}.",
        "SELECT AVG(stipendio) FROM dipendenti WHERE data_assunzione < '{0}'",
        &[Date],
    ),
    frame(
        "Conta gli ordini arrivati il {0} o più tardi.",
        "SELECT COUNT(*) FROM ordini WHERE data_ordine >= '{0}'",
        &[Date],
    ),
    frame(
        "Quanto fa la giacenza complessiva della categoria {0}?",
        "SELECT SUM(giacenza) FROM prodotti WHERE categoria = '{0}'",
        &[Category],
    ),
    frame(
        "Città per città, conta i clienti registrati dopo il {0}: riporta città e conteggio.",
        "SELECT citta, COUNT(*) FROM clienti WHERE data_iscrizione > '{0}' GROUP BY citta",
        &[Date],
    ),
    frame(
        "Trova il prezzo massimo fra gli articoli della categoria {0} con giacenza di almeno {1} pezzi.",
        "SELECT MAX(prezzo) FROM prodotti WHERE categoria = '{0}' AND giacenza >= {1}",
        &[Category, Stock],
    ),
    frame(
        "Riporta le categorie con più di {0} articoli, insieme al conteggio.",
        "SELECT categoria, COUNT(*) FROM prodotti GROUP BY categoria HAVING COUNT(*) > {0}",
        &[Group],
    ),
    frame(
        "Quanti pezzi contano in media gli ordini del {1} nello stato '{0}'?",
        "SELECT AVG(quantita) FROM ordini WHERE stato = '{0}' AND data_ordine LIKE '{1}-%'",
        &[State, Year],
    ),
    frame(
        "Conta per ogni stato gli ordini da più di {0} pezzi: riporta stato e conteggio.",
        "SELECT stato, COUNT(*) FROM ordini WHERE quantita > {0} GROUP BY stato",
        &[Quantity],
    ),
    frame(
        "Quanti cognomi distinti ci sono fra i clienti residenti a {0}?",
        "SELECT COUNT(DISTINCT cognome) FROM clienti WHERE citta = '{0}'",
        &[City],
    ),
    frame(
        "Riporta, reparto per reparto, il reparto e la media degli stipendi inferiori a {0} euro.",
        "SELECT reparto, AVG(stipendio) FROM dipendenti WHERE stipendio < {0} GROUP BY reparto",
        &[Salary],
    ),
    frame(
        "Conta i clienti senza email registrati prima del {0}.",
        "SELECT COUNT(*) FROM clienti WHERE email IS NULL AND data_iscrizione < '{0}'",
        &[Date],
    ),
];

pub(super) const JOIN: &[Frame] = &[
    frame(
        "Riporta cognome del cliente e data per tutti gli ordini arrivati dopo il {0}.",
        "SELECT c.cognome, o.data_ordine FROM ordini o JOIN clienti c ON c.id = o.cliente_id \
         WHERE o.data_ordine > '{0}'",
        &[Date],
    ),
    frame(
        "Conta gli ordini che contengono articoli della categoria {0}.",
        "SELECT COUNT(*) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.categoria = '{0}'",
        &[Category],
    ),
    frame(
        "Somma le quantità ordinate dai clienti residenti a {0}.",
        "SELECT SUM(o.quantita) FROM ordini o JOIN clienti c ON c.id = o.cliente_id WHERE c.citta = '{0}'",
        &[City],
    ),
    frame(
        "Riporta il nome dell'articolo e lo stato degli ordini datati {0}.",
        "SELECT p.nome, o.stato FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE o.data_ordine = '{0}'",
        &[Date],
    ),
    frame(
        "Per gli ordini nello stato '{0}' gestiti da qualcuno, riporta id dell'ordine e nome di chi li ha gestiti.",
        "SELECT o.id, d.nome FROM ordini o JOIN dipendenti d ON d.id = o.dipendente_id WHERE o.stato = '{0}'",
        &[State],
    ),
    frame(
        "Calcola l'incasso (prezzo moltiplicato per quantità) degli ordini arrivati entro il {0}.",
        "SELECT SUM(p.prezzo * o.quantita) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE o.data_ordine <= '{0}'",
        &[Date],
    ),
    frame(
        "Riporta senza doppioni le città da cui provengono ordini con più di {0} pezzi.",
        "SELECT DISTINCT c.citta FROM clienti c JOIN ordini o ON o.cliente_id = c.id WHERE o.quantita > {0}",
        &[Quantity],
    ),
    frame(
        "Quali addetti del reparto {0} hanno gestito almeno un ordine? Riporta id e nome senza doppioni.",
        "SELECT DISTINCT d.id, d.nome FROM dipendenti d JOIN ordini o ON o.dipendente_id = d.id \
         WHERE d.reparto = '{0}'",
        &[Department],
    ),
    frame(
        "Conta gli ordini gestiti da chi prende più di {0} euro di stipendio.",
        "SELECT COUNT(*) FROM ordini o JOIN dipendenti d ON d.id = o.dipendente_id WHERE d.stipendio > {0}",
        &[Salary],
    ),
    frame(
        "Riporta id dell'ordine e prezzo dell'articolo per gli ordini del cliente numero {0}.",
        "SELECT o.id, p.prezzo FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE o.cliente_id = {0}",
        &[Client],
    ),
    frame(
        "Quanti pezzi dell'articolo '{0}' sono stati ordinati?",
        "SELECT SUM(o.quantita) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.nome = '{0}'",
        &[Product],
    ),
    frame(
        "Trova la data del primo ordine del {1} che contiene articoli della categoria {0}.",
        "SELECT MIN(o.data_ordine) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE p.categoria = '{0}' AND o.data_ordine LIKE '{1}-%'",
        &[Category, Year],
    ),
];

pub(super) const COMPLEX: &[Frame] = &[
    frame(
        "Trova i clienti residenti a {0} privi di ordini arrivati dopo il {1}: riporta id, nome e cognome.",
        "SELECT c.id, c.nome, c.cognome FROM clienti c WHERE c.citta = '{0}' AND NOT EXISTS \
         (SELECT 1 FROM ordini o WHERE o.cliente_id = c.id AND o.data_ordine > '{1}')",
        &[City, Date],
    ),
    frame(
        "Riporta nome e giacenza dei {0} articoli della categoria {1} con la giacenza più grande, a cominciare dalla \
         più grande; se pari, prima l'id minore.",
        "SELECT nome, giacenza FROM prodotti WHERE categoria = '{1}' ORDER BY giacenza DESC, id LIMIT {0}",
        &[Top, Category],
    ),
    frame(
        "Riporta categoria e incasso (prezzo moltiplicato per quantità) degli ordini arrivati dopo il {0}, a \
         cominciare dall'incasso più alto; se pari, categorie in ordine alfabetico.",
        "SELECT p.categoria, SUM(p.prezzo * o.quantita) AS incasso FROM ordini o JOIN prodotti p \
         ON p.id = o.prodotto_id WHERE o.data_ordine > '{0}' GROUP BY p.categoria ORDER BY incasso DESC, p.categoria",
        &[Date],
    ),
    frame(
        "Chi prende meno della media di chi è entrato in azienda prima del {0}? Riporta id e cognome.",
        "SELECT id, cognome FROM dipendenti \
         WHERE stipendio < (SELECT AVG(stipendio) FROM dipendenti WHERE data_assunzione < '{0}')",
        &[Date],
    ),
    frame(
        "Trova gli articoli ordinati per più di {0} pezzi in totale: riporta id e totale.",
        "SELECT prodotto_id, SUM(quantita) FROM ordini GROUP BY prodotto_id HAVING SUM(quantita) > {0}",
        &[Total],
    ),
    frame(
        "Riporta le città con almeno {0} ordini e il loro numero, a cominciare dal più alto; se pari, città in ordine \
         alfabetico.",
        "SELECT c.citta, COUNT(*) AS n FROM ordini o JOIN clienti c ON c.id = o.cliente_id GROUP BY c.citta \
         HAVING COUNT(*) >= {0} ORDER BY n DESC, c.citta",
        &[Group],
    ),
    frame(
        "Quali reparti non hanno gestito alcun ordine del {1} nello stato '{0}'? Riporta il reparto senza doppioni.",
        "SELECT DISTINCT reparto FROM dipendenti WHERE reparto NOT IN (SELECT d.reparto FROM dipendenti d \
         JOIN ordini o ON o.dipendente_id = d.id WHERE o.stato = '{0}' AND o.data_ordine LIKE '{1}-%')",
        &[State, Year],
    ),
    frame(
        "Qual è l'id dell'ordine più costoso (prezzo moltiplicato per quantità) fra quelli arrivati prima del {0}? Se \
         pari, vale l'id minore.",
        "SELECT o.id FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE o.data_ordine < '{0}' \
         ORDER BY p.prezzo * o.quantita DESC, o.id LIMIT 1",
        &[Date],
    ),
    frame(
        "Riporta l'id di ogni responsabile e quanti sottoposti ha nel reparto {0}, solo dove ne ha.",
        "SELECT responsabile_id, COUNT(*) FROM dipendenti WHERE reparto = '{0}' AND responsabile_id IS NOT NULL \
         GROUP BY responsabile_id",
        &[Department],
    ),
    frame(
        "Trova chi ha ordinato sia articoli della categoria {0} sia della categoria {1}: riporta l'id dei clienti \
         senza doppioni.",
        "SELECT o.cliente_id FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.categoria = '{0}' \
         INTERSECT SELECT o.cliente_id FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.categoria = '{1}'",
        &[Category, Category],
    ),
    frame(
        "Quali ordini del {0} hanno la quantità massima di quell'anno? Riporta soltanto l'id.",
        "SELECT id FROM ordini WHERE data_ordine LIKE '{0}-%' \
         AND quantita = (SELECT MAX(quantita) FROM ordini WHERE data_ordine LIKE '{0}-%')",
        &[Year],
    ),
    frame(
        "Trova la città con più clienti registrati dopo il {0}; se pari, vale la prima in ordine alfabetico.",
        "SELECT citta FROM clienti WHERE data_iscrizione > '{0}' GROUP BY citta ORDER BY COUNT(*) DESC, citta LIMIT 1",
        &[Date],
    ),
];
