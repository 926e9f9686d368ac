use std::fmt;

/// Lines whose columns stand below one another; the last column may be as long as it likes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn with_columns<const N: usize>(titles: [&str; N]) -> Self {
        Self { rows: vec![titles.map(str::to_owned).to_vec()] }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| clean(&cell)).to_vec());
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width =
            |row: &Vec<String>, column: usize| row.get(column).map_or(0, |c| c.chars().count());
        (0..columns)
            .map(|column| self.rows.iter().map(|row| width(row, column)).max().unwrap_or_default())
            .collect()
    }
}

/// A host's own words: nothing in them may move the cursor or begin a new line.
fn clean(cell: &str) -> String {
    if cell.is_empty() {
        return "-".to_owned();
    }
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for (index, row) in self.rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            let end = if index + 1 == self.rows.len() { "" } else { "\n" };
            write!(f, "{}{end}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_one_another_whatever_a_host_says() {
        let mut table = Table::with_columns(["host", "memory", "wrong"]);
        table.row(["h1".into(), "64 GiB".into(), String::new()]);
        table.row(["büro-2".into(), String::new(), "\u{1b}[2Jgone\nreally".into()]);
        assert_eq!(
            table.to_string(),
            "host    memory  wrong\nh1      64 GiB  -\nbüro-2  -        [2Jgone really"
        );
    }
}
