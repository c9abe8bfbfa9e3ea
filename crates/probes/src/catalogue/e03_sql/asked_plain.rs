//! Frames of evaluation over one table: conditions, then aggregates.

use super::frames::{Frame, frame};
use super::slots::Slot::{
    Category, City, Date, Department, Few, Group, Initial, MeanPrice, Name, Price, Quantity, Salary, State, Stock,
    Surname, Word, Year,
};

pub(super) const SIMPLE: &[Frame] = &[
    frame(
        "Mostra nome e cognome dei clienti che abitano a {0}.",
        "SELECT nome, cognome FROM clienti WHERE citta = '{0}'",
        &[City],
    ),
    frame(
        "Quali sono i nomi dei prodotti della categoria {0}?",
        "SELECT nome FROM prodotti WHERE categoria = '{0}'",
        &[Category],
    ),
    frame(
        "Elenca id e prezzo dei prodotti che costano più di {0} euro.",
        "SELECT id, prezzo FROM prodotti WHERE prezzo > {0}",
        &[Price],
    ),
    frame(
        "Dammi nome e giacenza dei prodotti con meno di {0} pezzi in giacenza.",
        "SELECT nome, giacenza FROM prodotti WHERE giacenza < {0}",
        &[Stock],
    ),
    frame(
        "Mostra le email dei clienti di cognome {0}, tralasciando chi non ne ha una.",
        "SELECT email FROM clienti WHERE cognome = '{0}' AND email IS NOT NULL",
        &[Surname],
    ),
    frame(
        "Elenca nome, cognome e stipendio di chi lavora nel reparto {0}.",
        "SELECT nome, cognome, stipendio FROM dipendenti WHERE reparto = '{0}'",
        &[Department],
    ),
    frame(
        "Quali dipendenti guadagnano almeno {0} euro? Mostra cognome e nome.",
        "SELECT cognome, nome FROM dipendenti WHERE stipendio >= {0}",
        &[Salary],
    ),
    frame("Mi servono gli id degli ordini con stato '{0}'.", "SELECT id FROM ordini WHERE stato = '{0}'", &[State]),
    frame(
        "Mostra id e data degli ordini fatti nel {0}.",
        "SELECT id, data_ordine FROM ordini WHERE data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year],
    ),
    frame(
        "Elenca cognome e data di assunzione dei dipendenti assunti dopo il {0}.",
        "SELECT cognome, data_assunzione FROM dipendenti WHERE data_assunzione > '{0}'",
        &[Date],
    ),
    frame(
        "Quali ordini sono di almeno {0} pezzi? Mostra id e quantità.",
        "SELECT id, quantita FROM ordini WHERE quantita >= {0}",
        &[Quantity],
    ),
    frame(
        "Di ogni cliente iscritto nel {0} mostra cognome e città.",
        "SELECT cognome, citta FROM clienti WHERE data_iscrizione BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year],
    ),
    frame(
        "Elenca i cognomi dei clienti di {0} che non hanno un'email.",
        "SELECT cognome FROM clienti WHERE citta = '{0}' AND email IS NULL",
        &[City],
    ),
    frame(
        "Mostra nome e prezzo dei prodotti che costano tra {0} e {1} euro, estremi compresi.",
        "SELECT nome, prezzo FROM prodotti WHERE prezzo BETWEEN {0} AND {1}",
        &[Price, Price],
    ),
    frame(
        "Mostra nome e cognome dei clienti che vivono a {0} oppure a {1}.",
        "SELECT nome, cognome FROM clienti WHERE citta IN ('{0}', '{1}')",
        &[City, City],
    ),
    frame(
        "Quali cognomi, senza ripetizioni, portano i clienti di {0}?",
        "SELECT DISTINCT cognome FROM clienti WHERE citta = '{0}'",
        &[City],
    ),
    frame(
        "Mostra nome e reparto dei dipendenti il cui cognome inizia per {0}.",
        "SELECT nome, reparto FROM dipendenti WHERE cognome LIKE '{0}%'",
        &[Initial],
    ),
    frame(
        "Quali prodotti della categoria {0} hanno meno di {1} pezzi in giacenza? Mostra gli id.",
        "SELECT id FROM prodotti WHERE categoria = '{0}' AND giacenza < {1}",
        &[Category, Stock],
    ),
    frame(
        "Dei clienti che di nome si chiamano {0} mostra il cognome e la città.",
        "SELECT cognome, citta FROM clienti WHERE nome = '{0}'",
        &[Name],
    ),
    frame(
        "Elenca gli id degli ordini con stato '{0}' fatti dal {1} in poi, quel giorno compreso.",
        "SELECT id FROM ordini WHERE stato = '{0}' AND data_ordine >= '{1}'",
        &[State, Date],
    ),
    frame(
        "Chi nel reparto {0} ha uno stipendio inferiore a {1} euro? Mostra nome e stipendio.",
        "SELECT nome, stipendio FROM dipendenti WHERE reparto = '{0}' AND stipendio < {1}",
        &[Department, Salary],
    ),
    frame(
        "Mostra nome e categoria dei prodotti il cui nome contiene la parola '{0}'.",
        "SELECT nome, categoria FROM prodotti WHERE nome LIKE '%{0}%'",
        &[Word],
    ),
    frame(
        "Quali ordini con stato '{0}' non sono stati seguiti da nessun dipendente? Mostra id e data.",
        "SELECT id, data_ordine FROM ordini WHERE stato = '{0}' AND dipendente_id IS NULL",
        &[State],
    ),
    frame(
        "Elenca nome e reparto dei dipendenti senza responsabile che guadagnano più di {0} euro.",
        "SELECT nome, reparto FROM dipendenti WHERE responsabile_id IS NULL AND stipendio > {0}",
        &[Salary],
    ),
];

pub(super) const AGGREGATE: &[Frame] = &[
    frame("Quanti clienti abitano a {0}?", "SELECT COUNT(*) FROM clienti WHERE citta = '{0}'", &[City]),
    frame(
        "Qual è il prezzo medio dei prodotti della categoria {0}?",
        "SELECT AVG(prezzo) FROM prodotti WHERE categoria = '{0}'",
        &[Category],
    ),
    frame("Quanti ordini hanno lo stato '{0}'?", "SELECT COUNT(*) FROM ordini WHERE stato = '{0}'", &[State]),
    frame(
        "Qual è lo stipendio più alto del reparto {0}?",
        "SELECT MAX(stipendio) FROM dipendenti WHERE reparto = '{0}'",
        &[Department],
    ),
    frame(
        "Quanti pezzi in tutto sono stati ordinati nel {0}?",
        "SELECT SUM(quantita) FROM ordini WHERE data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year],
    ),
    frame(
        "Per ciascun reparto che ha dipendenti pagati più di {0} euro, mostra il reparto e quanti sono questi \
         dipendenti.",
        "SELECT reparto, COUNT(*) FROM dipendenti WHERE stipendio > {0} GROUP BY reparto",
        &[Salary],
    ),
    frame(
        "Considerando solo i prodotti con almeno {0} pezzi in giacenza, mostra ogni categoria con il suo prezzo medio.",
        "SELECT categoria, AVG(prezzo) FROM prodotti WHERE giacenza >= {0} GROUP BY categoria",
        &[Stock],
    ),
    frame(
        "Quanti clienti si sono iscritti dopo il {0}?",
        "SELECT COUNT(*) FROM clienti WHERE data_iscrizione > '{0}'",
        &[Date],
    ),
    frame(
        "Quanti clienti di {0} hanno un'email?",
        "SELECT COUNT(*) FROM clienti WHERE citta = '{0}' AND email IS NOT NULL",
        &[City],
    ),
    frame(
        "Calcola il valore del magazzino per la categoria {0}, cioè la somma di prezzo per giacenza.",
        "SELECT SUM(prezzo * giacenza) FROM prodotti WHERE categoria = '{0}'",
        &[Category],
    ),
    frame(
        "In quante città diverse abitano i clienti iscritti nel {0}?",
        "SELECT COUNT(DISTINCT citta) FROM clienti WHERE data_iscrizione BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year],
    ),
    frame(
        "Quali città hanno almeno {0} clienti? Mostra la città e il numero di clienti.",
        "SELECT citta, COUNT(*) FROM clienti GROUP BY citta HAVING COUNT(*) >= {0}",
        &[Group],
    ),
    frame(
        "Guarda gli ordini del {0}: per ogni stato mostra lo stato e quanti ordini sono.",
        "SELECT stato, COUNT(*) FROM ordini WHERE data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31' GROUP BY stato",
        &[Year],
    ),
    frame(
        "Qual è la quantità media degli ordini con stato '{0}'?",
        "SELECT AVG(quantita) FROM ordini WHERE stato = '{0}'",
        &[State],
    ),
    frame(
        "A quanto ammonta la somma degli stipendi del reparto {0}?",
        "SELECT SUM(stipendio) FROM dipendenti WHERE reparto = '{0}'",
        &[Department],
    ),
    frame("Quanti prodotti costano meno di {0} euro?", "SELECT COUNT(*) FROM prodotti WHERE prezzo < {0}", &[Price]),
    frame(
        "Tra i prodotti della categoria {0} con giacenza maggiore di zero, qual è il prezzo più basso?",
        "SELECT MIN(prezzo) FROM prodotti WHERE categoria = '{0}' AND giacenza > 0",
        &[Category],
    ),
    frame(
        "In quali categorie il prezzo medio dei prodotti supera {0} euro? Mostra soltanto la categoria.",
        "SELECT categoria FROM prodotti GROUP BY categoria HAVING AVG(prezzo) > {0}",
        &[MeanPrice],
    ),
    frame(
        "Mostra la prima e l'ultima data in cui è stato fatto un ordine con stato '{0}'.",
        "SELECT MIN(data_ordine), MAX(data_ordine) FROM ordini WHERE stato = '{0}'",
        &[State],
    ),
    frame(
        "Per ogni prodotto ordinato nel {0} mostra l'id del prodotto e la somma delle quantità di quell'anno.",
        "SELECT prodotto_id, SUM(quantita) FROM ordini WHERE data_ordine BETWEEN '{0}-01-01' AND '{0}-12-31' \
         GROUP BY prodotto_id",
        &[Year],
    ),
    frame(
        "Quanti dipendenti sono stati assunti nel {0}?",
        "SELECT COUNT(*) FROM dipendenti WHERE data_assunzione BETWEEN '{0}-01-01' AND '{0}-12-31'",
        &[Year],
    ),
    frame(
        "Quanti responsabili diversi hanno i dipendenti del reparto {0}?",
        "SELECT COUNT(DISTINCT responsabile_id) FROM dipendenti WHERE reparto = '{0}'",
        &[Department],
    ),
    frame(
        "Quali clienti hanno fatto più di {0} ordini? Mostra l'id del cliente e il numero di ordini.",
        "SELECT cliente_id, COUNT(*) FROM ordini GROUP BY cliente_id HAVING COUNT(*) > {0}",
        &[Few],
    ),
    frame(
        "Tra gli assunti dopo il {0}, qual è in ogni reparto la differenza fra lo stipendio massimo e il minimo? \
         Mostra reparto e differenza.",
        "SELECT reparto, MAX(stipendio) - MIN(stipendio) FROM dipendenti WHERE data_assunzione > '{0}' \
         GROUP BY reparto",
        &[Date],
    ),
];
