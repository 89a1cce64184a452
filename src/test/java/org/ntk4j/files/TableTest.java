package org.ntk4j.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void should_write_rfc_4180() {
        Table table = new Table(List.of("run", "metric", "value"), List.of(
                List.of("a,b", "say \"x\"", 0.1),
                Arrays.asList("two\nlines", null, Double.NaN),
                List.of("Θ", 64, 1e-300)));
        assertThat(table.csv()).isEqualTo("run,metric,value\r\n"
                + "\"a,b\",\"say \"\"x\"\"\",0.1\r\n"
                + "\"two\nlines\",,\r\n"
                + "Θ,64,1.0E-300\r\n");
    }

    @Test
    void should_write_a_point_in_any_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            Table table = new Table(List.of("value", "count"), List.of(List.of(1234567.891, 1234567L)));
            assertThat(table.csv()).isEqualTo("value,count\r\n1234567.891,1234567\r\n");
            assertThat(new Table(List.of("value"), List.of(List.of(1.5))).text(100)).contains("1.500");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void should_read_back_to_the_last_digit() throws IOException {
        Random random = new Random(1);
        List<List<Object>> rows = random.longs(300).mapToObj(Double::longBitsToDouble).filter(Double::isFinite)
                .map(value -> List.<Object>of("\"" + value + ",\r\n", value)).toList();
        String csv = new Table(List.of("text", "value"), rows).csv();
        try (CSVParser parser = CSVParser.parse(new StringReader(csv), CSVFormat.RFC4180)) {
            List<CSVRecord> records = parser.getRecords();
            assertThat(records).hasSize(rows.size() + 1);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(records.get(i + 1).get(0)).isEqualTo(rows.get(i).get(0));
                assertThat(Double.valueOf(records.get(i + 1).get(1))).isEqualTo(rows.get(i).get(1));
            }
        }
    }

    @Test
    void should_align_columns_and_fit_the_screen() {
        Table table = new Table(List.of("subject", "rmse"), List.of(
                List.of("regression.infinite", 0.123456), List.of("x".repeat(200), 1.5e-7)));
        List<String> lines = table.text(60).lines().toList();
        assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(60));
        assertThat(lines.get(1)).startsWith("regression.infinite ").endsWith(" 0.1235");
        assertThat(lines.get(2)).contains("x…").endsWith(" 1.500e-07");
        assertThat(lines.stream().map(String::length).distinct()).hasSize(1);
    }

    @Test
    void should_go_on_below_rather_than_cut_a_word() {
        Table table = new Table(List.of("data set", "what it is"), List.of(List.of("mnist", "60,000 and 10,000 images of digits, 28 × 28"),
                List.of("other", "a word")));
        assertThat(table.text(30).lines()).containsExactly(
                "data set  what it is",
                "mnist     60,000 and 10,000",
                "          images of digits, 28",
                "          × 28",
                "other     a word");
    }

    @Test
    void should_print_four_digits() {
        assertThat(List.of(0.0, 0.89, 12.3456, 999.97, 12345.6, 1e7, -1e-5, 1.0).stream().map(TextTable::number))
                .containsExactly("0", "0.8900", "12.35", "1000.0", "12346", "1.000e+07", "-1.000e-05", "1.000");
        assertThat(TextTable.number(Double.NaN)).isEmpty();
        assertThat(TextTable.number(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    }

    @Test
    void should_refuse_a_row_of_another_length() {
        assertThatThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of(1)))).hasMessageContaining("a row of 1 cells");
        assertThatThrownBy(() -> Table.of("a").and(Table.of("b"))).hasMessageContaining("columns");
    }

    @Test
    void should_not_change_with_the_list_that_it_was_made_from() {
        Table one = new Table(List.of("a"), List.of(List.of(1)));
        Table two = one.and(one);
        assertThat(one.rows()).hasSize(1);
        assertThat(two.rows()).hasSize(2);
    }
}
