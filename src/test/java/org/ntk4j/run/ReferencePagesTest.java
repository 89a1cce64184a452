package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.reference.Reference;
import org.yaml.snakeyaml.Yaml;

/** The pages of the reference and the JSON Schema are what their source says. */
class ReferencePagesTest {

    private static final Path SITE = Path.of("src/site");

    /** Run with {@code -Dpages=write} to write them: {@code ./mvnw -q test -Dtest=ReferencePagesTest -Dpages=write}. */
    @Test
    void should_say_what_the_source_says() throws IOException {
        for (var page : new ReferencePages(Reference.read()).all().entrySet()) {
            Path file = SITE.resolve(page.getKey());
            if ("write".equals(System.getProperty("pages"))) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, page.getValue());
            }
            assertThat(Files.readString(file)).as("%s is older than its source: ./mvnw -q test -Dtest=ReferencePagesTest -Dpages=write",
                    file).isEqualTo(page.getValue());
        }
    }

    @Test
    void should_allow_the_experiments_that_there_are() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("experiments"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                assertThat(mistakes(Files.readString(file))).as(file.toString()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            network: mlp                                                        | 0
            network: {mlp: {wStd: sqrt(2), bStd: none}}                         | 0
            network: [{dense: {units: 8}}, relu, {erf: {a: 2}}]                 | 0
            network: [{residual: {layers: [{dense: {units: 8}}, relu]}}]        | 0
            {network: mlp, data: {name: phrases, difficulty: 3, train: 50}}     | 0
            {network: mlp, data: mnist}                                         | 0
            {network: mlp, train: {optimizer: {adam: {beta1: 0.8}}}}            | 0
            {network: mlp, train: none, compare: [[network, labels]]}           | 0
            {network: {myrtle: {depth: 7}}, kernels: ntk.infinite, sweep: {seed: 3}} | 0
            {}                                                                  | 1
            network: {mlp: {widht: 8}}                                          | 1
            network: [dense]                                                    | 1
            network: [{dense: {}}]                                              | 1
            network: {mlp: {width: 0}}                                          | 1
            network: {mlp: {wStd: -1}}                                          | 1
            network: {mlp: {activation: rleu}}                                  | 1
            {network: mlp, data: {name: phrases, difficulty: 4}}                | 1
            {network: mlp, data: {difficulty: 3}}                               | 1
            {network: mlp, train: {optimizer: sgd}}                             | 1
            {network: mlp, train: {until: {maxSteps: -1}}}                      | 1
            {network: mlp, compare: [[network]]}                                | 1
            """)
    void should_allow_in_editors_what_the_reader_allows(String yaml, int wrong) throws IOException {
        assertThat(mistakes(yaml)).as(yaml).matches(found -> found.isEmpty() == (wrong == 0));
        Path file = Files.writeString(Files.createTempDirectory("schema").resolve("a.yaml"), yaml);
        assertThat(Program.ntk("check", file.toString()).status()).isEqualTo(wrong == 0 ? 0 : 2);
    }

    private static Set<ValidationMessage> mistakes(String yaml) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(json.readTree(SITE.resolve("resources/experiment.schema.json").toFile()));
        JsonNode document = json.valueToTree(new Yaml().<Object>load(yaml));
        return schema.validate(document);
    }
}
