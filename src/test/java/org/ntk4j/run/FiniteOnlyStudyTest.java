package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Studies of layers that are at home at finite width, end to end: trained, with their kernels before and after, compared. */
class FiniteOnlyStudyTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{name: stripes, train: 40, test: 20} | [{conv: {channels: 6, padding: same}}, relu, {maxPool: {window: [2, 2]}}, flatten, "
                + "{dense: {units: 2}}] | ntk.init, ntk.trained",
        "{name: phrases, train: 40, test: 20} | [{embedding: {vocabulary: 46, channels: 16}}, {repeat: {times: 2, shared: true, layers: "
                + "[{conv: {channels: 16, filter: [3], padding: same}}, relu]}}, globalAvgPool, {dense: {units: 2}}] | "
                + "ntk.init, ntk.trained, ntk.infinite"})
    void should_train_and_compare(String data, String network, String kernels) throws IOException {
        train(data, network, kernels);
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource(delimiter = '|', value = {
        "{name: mnist-sample, train: 40, test: 20} | [flatten, {dense: {units: 24}}, batchNorm, relu, {dense: {units: 10}}] | "
                + "ntk.init, ntk.trained",
        "{name: phrases, train: 40, test: 20} | [{embedding: {vocabulary: 46, channels: 16}}, {conv: {channels: 16, filter: [3], padding: "
                + "same}}, relu, {maxPool: {window: [3], padding: same}}, globalAvgPool, {dense: {units: 2}}] | ntk.init, ntk.trained"})
    void should_train_and_compare_others(String data, String network, String kernels) throws IOException {
        train(data, network, kernels);
    }

    private void train(String data, String network, String kernels) throws IOException {
        Path yaml = Files.writeString(folder.resolve("study.yaml"), "data: " + data + "\nnetwork: " + network
                + "\ntrain: {until: {maxSteps: 60}}\nkernels: [" + kernels + "]\nlinearized: true\nreport: false\n");
        Program.Result result = Program.ntk("run", yaml.toString(), "--out", folder.resolve("out").toString());
        assertThat(result.status()).as(result.err().toString()).isZero();
        Path run = Program.run(folder.resolve("out"), "study");
        List<CSVRecord> results = Program.records(run.resolve("results.csv"));
        assertThat(results).extracting(r -> r.get("subject")).contains("network", "linearized", "ntk.init", "ntk.trained",
                "regression.init", "regression.trained");
        assertThat(results).allSatisfy(r -> assertThat(Double.parseDouble(r.get("value"))).as(r.toString()).isFinite());
        assertThat(value(results, "ntk.trained", "ntk.init", "relativeFrobenius")).as("the kernel moves").isBetween(1e-4, 10.0);
        List<Double> losses = Program.records(run.resolve("history.csv")).stream().filter(r -> r.get("subject").equals("network")
                && r.get("split").equals("train")).map(r -> Double.parseDouble(r.get("loss"))).toList();
        assertThat(losses.get(losses.size() - 1)).isLessThan(0.9 * losses.get(0));
    }

    private static double value(List<CSVRecord> results, String subject, String reference, String metric) {
        return results.stream().filter(r -> r.get("subject").equals(subject) && r.get("reference").equals(reference)
                && r.get("metric").equals(metric)).mapToDouble(r -> Double.parseDouble(r.get("value"))).findFirst().orElseThrow();
    }
}
