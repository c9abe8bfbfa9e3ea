//! Frames of evaluation over several tables: joins of two, then what takes more than that.

use super::frames::{Frame, frame};
use super::slots::Slot::{
    Amount, Category, City, Client, Date, Department, Few, Handled, Price, Product, Quantity, State, Top, Year,
};

pub(super) const JOIN: &[Frame] = &[
    frame(
        "Per ogni ordine con stato '{0}' mostra l'id dell'ordine e il cognome del cliente.",
        "SELECT o.id, c.cognome FROM ordini o JOIN clienti c ON c.id = o.cliente_id WHERE o.stato = '{0}'",
        &[State],
    ),
    frame(
        "Elenca gli id degli ordini fatti da clienti di {0}.",
        "SELECT o.id FROM ordini o JOIN clienti c ON c.id = o.cliente_id WHERE c.citta = '{0}'",
        &[City],
    ),
    frame(
        "Mostra il nome del prodotto e la quantità di ogni ordine del {0}.",
        "SELECT p.nome, o.quantita FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE o.data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year],
    ),
    frame(
        "Quanti ordini hanno fatto in tutto i clienti di {0}?",
        "SELECT COUNT(*) FROM ordini o JOIN clienti c ON c.id = o.cliente_id WHERE c.citta = '{0}'",
        &[City],
    ),
    frame(
        "Quanti pezzi della categoria {0} sono stati ordinati in totale?",
        "SELECT SUM(o.quantita) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.categoria = '{0}'",
        &[Category],
    ),
    frame(
        "Qual è l'importo complessivo, prezzo per quantità, degli ordini con stato '{0}'?",
        "SELECT SUM(p.prezzo * o.quantita) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE o.stato = '{0}'",
        &[State],
    ),
    frame(
        "Per gli ordini seguiti dal reparto {0} mostra l'id dell'ordine e il cognome del dipendente che lo ha seguito.",
        "SELECT o.id, d.cognome FROM ordini o JOIN dipendenti d ON d.id = o.dipendente_id WHERE d.reparto = '{0}'",
        &[Department],
    ),
    frame(
        "Quanti ordini hanno seguito in tutto i dipendenti assunti prima del {0}?",
        "SELECT COUNT(*) FROM ordini o JOIN dipendenti d ON d.id = o.dipendente_id WHERE d.data_assunzione < '{0}'",
        &[Date],
    ),
    frame(
        "Elenca senza ripetizioni i nomi dei prodotti ordinati nel {0}.",
        "SELECT DISTINCT p.nome FROM prodotti p JOIN ordini o ON o.prodotto_id = p.id \
         WHERE o.data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year],
    ),
    frame(
        "Mostra id e importo, cioè prezzo per quantità, degli ordini il cui importo supera {0} euro.",
        "SELECT o.id, p.prezzo * o.quantita FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE p.prezzo * o.quantita > {0}",
        &[Amount],
    ),
    frame(
        "Quali clienti hanno almeno un ordine con stato '{0}'? Mostra id, nome e cognome, ogni cliente una volta sola.",
        "SELECT DISTINCT c.id, c.nome, c.cognome FROM clienti c JOIN ordini o ON o.cliente_id = c.id \
         WHERE o.stato = '{0}'",
        &[State],
    ),
    frame(
        "Mostra data e quantità degli ordini del prodotto '{0}'.",
        "SELECT o.data_ordine, o.quantita FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.nome = '{0}'",
        &[Product],
    ),
    frame(
        "In quanti ordini compare il prodotto '{0}'?",
        "SELECT COUNT(*) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.nome = '{0}'",
        &[Product],
    ),
    frame(
        "Elenca le email dei clienti che hanno ordinato dopo il {0}, senza ripetizioni e senza valori mancanti.",
        "SELECT DISTINCT c.email FROM clienti c JOIN ordini o ON o.cliente_id = c.id \
         WHERE o.data_ordine > '{0}' AND c.email IS NOT NULL",
        &[Date],
    ),
    frame(
        "Per i dipendenti del reparto {0} che hanno un responsabile, mostra il loro nome e il cognome del responsabile.",
        "SELECT d.nome, r.cognome FROM dipendenti d JOIN dipendenti r ON r.id = d.responsabile_id \
         WHERE d.reparto = '{0}'",
        &[Department],
    ),
    frame(
        "Chi, nel reparto {0}, guadagna più del proprio responsabile? Mostra nome e cognome.",
        "SELECT d.nome, d.cognome FROM dipendenti d JOIN dipendenti r ON r.id = d.responsabile_id \
         WHERE d.reparto = '{0}' AND d.stipendio > r.stipendio",
        &[Department],
    ),
    frame(
        "Qual è la quantità media negli ordini di prodotti della categoria {0}?",
        "SELECT AVG(o.quantita) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.categoria = '{0}'",
        &[Category],
    ),
    frame(
        "Mostra il nome del prodotto e la data di ogni ordine del cliente con id {0}.",
        "SELECT p.nome, o.data_ordine FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE o.cliente_id = {0}",
        &[Client],
    ),
    frame(
        "Quanti clienti diversi di {0} hanno fatto almeno un ordine?",
        "SELECT COUNT(DISTINCT c.id) FROM clienti c JOIN ordini o ON o.cliente_id = c.id WHERE c.citta = '{0}'",
        &[City],
    ),
    frame(
        "Qual è la data dell'ultimo ordine fatto da un cliente di {0}?",
        "SELECT MAX(o.data_ordine) FROM ordini o JOIN clienti c ON c.id = o.cliente_id WHERE c.citta = '{0}'",
        &[City],
    ),
    frame(
        "Per gli ordini di almeno {0} pezzi non seguiti da alcun dipendente, mostra l'id dell'ordine e il nome del \
         prodotto.",
        "SELECT o.id, p.nome FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE o.quantita >= {0} AND o.dipendente_id IS NULL",
        &[Quantity],
    ),
    frame(
        "Elenca gli id degli ordini di prodotti che costano meno di {0} euro.",
        "SELECT o.id FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id WHERE p.prezzo < {0}",
        &[Price],
    ),
    frame(
        "Quanti ordini del {0} riguardano prodotti della categoria {1}?",
        "SELECT COUNT(*) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE p.categoria = '{1}' AND o.data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year, Category],
    ),
    frame(
        "Per gli ordini fatti prima del {0} mostra l'id dell'ordine e la città del cliente.",
        "SELECT o.id, c.citta FROM ordini o JOIN clienti c ON c.id = o.cliente_id WHERE o.data_ordine < '{0}'",
        &[Date],
    ),
];

pub(super) const COMPLEX: &[Frame] = &[
    frame(
        "Quali clienti di {0} non hanno mai fatto un ordine? Mostra id e cognome.",
        "SELECT c.id, c.cognome FROM clienti c WHERE c.citta = '{0}' \
         AND NOT EXISTS (SELECT 1 FROM ordini o WHERE o.cliente_id = c.id)",
        &[City],
    ),
    frame(
        "Quali prodotti della categoria {0} non compaiono in nessun ordine? Mostra id e nome.",
        "SELECT id, nome FROM prodotti WHERE categoria = '{0}' AND id NOT IN (SELECT prodotto_id FROM ordini)",
        &[Category],
    ),
    frame(
        "Elenca nome e prezzo dei {0} prodotti più cari, dal più caro in giù; a parità di prezzo viene prima l'id più \
         basso.",
        "SELECT nome, prezzo FROM prodotti ORDER BY prezzo DESC, id LIMIT {0}",
        &[Top],
    ),
    frame(
        "Per ogni città con ordini nel {0} mostra la città e quanto hanno speso in quell'anno i suoi clienti (prezzo \
         per quantità).",
        "SELECT c.citta, SUM(p.prezzo * o.quantita) FROM ordini o JOIN clienti c ON c.id = o.cliente_id \
         JOIN prodotti p ON p.id = o.prodotto_id WHERE o.data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31' \
         GROUP BY c.citta",
        &[Year],
    ),
    frame(
        "Mostra id e cognome dei clienti con almeno {0} ordini, in ordine crescente di id.",
        "SELECT c.id, c.cognome FROM clienti c JOIN ordini o ON o.cliente_id = c.id GROUP BY c.id \
         HAVING COUNT(*) >= {0} ORDER BY c.id",
        &[Few],
    ),
    frame(
        "Quali dipendenti guadagnano più dello stipendio medio del reparto {0}? Mostra nome e cognome.",
        "SELECT nome, cognome FROM dipendenti \
         WHERE stipendio > (SELECT AVG(stipendio) FROM dipendenti WHERE reparto = '{0}')",
        &[Department],
    ),
    frame(
        "Quali prodotti della categoria {0} costano più del prezzo medio di tutti i prodotti? Mostra nome e prezzo.",
        "SELECT nome, prezzo FROM prodotti WHERE categoria = '{0}' AND prezzo > (SELECT AVG(prezzo) FROM prodotti)",
        &[Category],
    ),
    frame(
        "Elenca senza ripetizioni i cognomi dei clienti di {0} che hanno ordinato prodotti della categoria {1}.",
        "SELECT DISTINCT c.cognome FROM clienti c JOIN ordini o ON o.cliente_id = c.id \
         JOIN prodotti p ON p.id = o.prodotto_id WHERE c.citta = '{0}' AND p.categoria = '{1}'",
        &[City, Category],
    ),
    frame(
        "Qual è la categoria con più pezzi ordinati nel {0}? Mostra la categoria e il numero di pezzi; a parità vale \
         la prima in ordine alfabetico.",
        "SELECT p.categoria, SUM(o.quantita) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE o.data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31' GROUP BY p.categoria \
         ORDER BY SUM(o.quantita) DESC, p.categoria LIMIT 1",
        &[Year],
    ),
    frame(
        "Quali reparti hanno seguito più di {0} ordini? Mostra reparto e numero di ordini, in ordine alfabetico di \
         reparto.",
        "SELECT d.reparto, COUNT(*) FROM ordini o JOIN dipendenti d ON d.id = o.dipendente_id GROUP BY d.reparto \
         HAVING COUNT(*) > {0} ORDER BY d.reparto",
        &[Handled],
    ),
    frame(
        "Quali clienti hanno ordini, ma nessuno con stato '{0}'? Mostra id e cognome, ogni cliente una volta sola.",
        "SELECT id, cognome FROM clienti WHERE id IN (SELECT cliente_id FROM ordini) \
         AND id NOT IN (SELECT cliente_id FROM ordini WHERE stato = '{0}')",
        &[State],
    ),
    frame(
        "Per ogni dipendente del reparto {0} mostra l'id e quanti ordini ha seguito, anche se sono zero.",
        "SELECT d.id, COUNT(o.id) FROM dipendenti d LEFT JOIN ordini o ON o.dipendente_id = d.id \
         WHERE d.reparto = '{0}' GROUP BY d.id",
        &[Department],
    ),
    frame(
        "Quanti prodotti di ogni categoria non sono stati ordinati nel {0}? Mostra categoria e numero, in ordine \
         alfabetico di categoria.",
        "SELECT categoria, COUNT(*) FROM prodotti WHERE id NOT IN (SELECT prodotto_id FROM ordini \
         WHERE data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31') GROUP BY categoria ORDER BY categoria",
        &[Year],
    ),
    frame(
        "Chi è il dipendente più pagato del reparto {0}? Mostra nome e stipendio; a parità vale l'id più basso.",
        "SELECT nome, stipendio FROM dipendenti WHERE reparto = '{0}' ORDER BY stipendio DESC, id LIMIT 1",
        &[Department],
    ),
    frame(
        "Elenca gli id degli ordini del {0} con una quantità superiore alla quantità media degli ordini di quell'anno.",
        "SELECT id FROM ordini WHERE data_ordine LIKE '{0}-%' \
         AND quantita > (SELECT AVG(quantita) FROM ordini WHERE data_ordine LIKE '{0}-%')",
        &[Year],
    ),
    frame(
        "Quali prodotti da almeno {1} euro sono stati ordinati da clienti di {0}? Mostra id e nome senza ripetizioni, \
         in ordine di id.",
        "SELECT DISTINCT p.id, p.nome FROM prodotti p JOIN ordini o ON o.prodotto_id = p.id \
         JOIN clienti c ON c.id = o.cliente_id WHERE c.citta = '{0}' AND p.prezzo >= {1} ORDER BY p.id",
        &[City, Price],
    ),
    frame(
        "Quali clienti hanno ordinato prodotti di almeno {0} categorie diverse? Mostra l'id del cliente e il numero di \
         categorie.",
        "SELECT o.cliente_id, COUNT(DISTINCT p.categoria) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         GROUP BY o.cliente_id HAVING COUNT(DISTINCT p.categoria) >= {0}",
        &[Few],
    ),
    frame(
        "Mostra l'id dei {0} clienti che hanno speso di più (prezzo per quantità) e la cifra spesa, dalla più alta; a \
         parità viene prima l'id più basso.",
        "SELECT o.cliente_id, SUM(p.prezzo * o.quantita) AS spesa FROM ordini o JOIN prodotti p \
         ON p.id = o.prodotto_id GROUP BY o.cliente_id ORDER BY spesa DESC, o.cliente_id LIMIT {0}",
        &[Top],
    ),
    frame(
        "Quali dipendenti del reparto {0} non hanno seguito ordini nel {1}? Mostra id e cognome.",
        "SELECT d.id, d.cognome FROM dipendenti d WHERE d.reparto = '{0}' AND NOT EXISTS (SELECT 1 FROM ordini o \
         WHERE o.dipendente_id = d.id AND o.data_ordine BETWEEN '{1}-01-01' AND '{1}-12-31')",
        &[Department, Year],
    ),
    frame(
        "In quali città ci sono più clienti che a {0}? Elencale in ordine alfabetico.",
        "SELECT citta FROM clienti GROUP BY citta \
         HAVING COUNT(*) > (SELECT COUNT(*) FROM clienti WHERE citta = '{0}') ORDER BY citta",
        &[City],
    ),
    frame(
        "Quali dipendenti hanno seguito ordini con stato '{0}' per un importo totale (prezzo per quantità) di almeno \
         {1} euro? Mostra l'id del dipendente e l'importo totale.",
        "SELECT o.dipendente_id, SUM(p.prezzo * o.quantita) FROM ordini o JOIN prodotti p ON p.id = o.prodotto_id \
         WHERE o.stato = '{0}' AND o.dipendente_id IS NOT NULL GROUP BY o.dipendente_id \
         HAVING SUM(p.prezzo * o.quantita) >= {1}",
        &[State, Amount],
    ),
    frame(
        "Qual è il prodotto meno caro tra quelli ordinati da clienti di {0}? Mostra nome e prezzo; a parità vale l'id \
         più basso.",
        "SELECT p.nome, p.prezzo FROM prodotti p JOIN ordini o ON o.prodotto_id = p.id \
         JOIN clienti c ON c.id = o.cliente_id WHERE c.citta = '{0}' ORDER BY p.prezzo, p.id LIMIT 1",
        &[City],
    ),
    frame(
        "Quali prodotti di altre categorie hanno lo stesso prezzo di un prodotto della categoria {0}? Mostra id e \
         categoria, ogni prodotto una volta sola.",
        "SELECT id, categoria FROM prodotti WHERE categoria <> '{0}' \
         AND prezzo IN (SELECT prezzo FROM prodotti WHERE categoria = '{0}')",
        &[Category],
    ),
    frame(
        "Quali clienti hanno lo stesso cognome di un dipendente del reparto {0}? Mostra id, nome e cognome, ogni \
         cliente una volta sola.",
        "SELECT id, nome, cognome FROM clienti \
         WHERE cognome IN (SELECT cognome FROM dipendenti WHERE reparto = '{0}')",
        &[Department],
    ),
];
