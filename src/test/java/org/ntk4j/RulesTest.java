package org.ntk4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;

/** Who may touch what, and what nothing may be called. */
class RulesTest {

    private static final int MOST_COLUMNS = 140;

    private static JavaClasses program;

    @BeforeAll
    static void readTheProgram() {
        // Names of foreign classes are enough: reading TensorFlow's own would take most of the time.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        program = new ClassFileImporter().importUrl(Failure.class.getProtectionDomain().getCodeSource().getLocation());
        assertThat(program).as("classes of the program").hasSizeGreaterThan(100);
    }

    @Test
    void should_know_tensorflow_only_where_networks_are_finite_or_graphs_compute() {
        // Layers and activations show their finite face as TensorFlow ops, kernels on a GPU are a graph; `doctor` looks at its devices, and
        // products are what cases are measured against.
        noClasses()
                .that(are(not(resideInAnyPackage("org.ntk4j.finite..", "org.ntk4j.forward..", "org.ntk4j.layer..", "org.ntk4j.activation..",
                        "org.ntk4j.moment.graph..", "org.ntk4j.infinite.graph..", "org.ntk4j.tensorflow..", "org.ntk4j.bench.."))))
                .and().haveNameNotMatching("org\\.ntk4j\\.gaussian\\.(Graph|quadrature\\.GaussLegendre).*")
                .and().doNotHaveFullyQualifiedName("org.ntk4j.run.DoctorVerb")
                .should().dependOnClassesThat().resideInAPackage("org.tensorflow..")
                .check(program);
    }

    @Test
    void should_know_spark_only_in_its_own_package() {
        noClasses().that(are(not(resideInAnyPackage("org.ntk4j.spark.."))))
                .should().dependOnClassesThat().resideInAnyPackage("org.apache.spark..", "org.ntk4j.spark..", "scala..")
                .check(program);
    }

    @Test
    void should_call_native_products_only_from_kernels() {
        noClasses()
                .that(are(not(resideInAnyPackage("org.ntk4j.kernel..", "org.ntk4j.infinite..", "org.ntk4j.moment..",
                "org.ntk4j.tensorflow..", "org.ntk4j.bench.."))))
                .and().doNotHaveFullyQualifiedName("org.ntk4j.run.DoctorVerb")
                .should().dependOnClassesThat().resideInAPackage("org.bytedeco..")
                .check(program);
    }

    @Test
    void should_not_know_the_command_line_from_below() {
        noClasses().that(are(not(resideInAnyPackage("org.ntk4j", "org.ntk4j.run..", "org.ntk4j.jupyter..", "org.ntk4j.shell..",
                "org.ntk4j.study.."))))
                .should().dependOnClassesThat().resideInAnyPackage("org.ntk4j.run..", "org.ntk4j.shell..", "org.ntk4j.study..")
                .check(program);
        noClasses().that().resideInAnyPackage("org.ntk4j.kernel..", "org.ntk4j.inference..", "org.ntk4j.grammar..")
                .should().dependOnClassesThat().resideInAnyPackage("org.ntk4j.network..", "org.ntk4j.layer..", "org.ntk4j.finite..",
                        "org.ntk4j.infinite..")
                .because("kernels and regression are of use without a network")
                .check(program);
    }

    @Test
    void should_lie_on_one_another_without_circles() {
        slices().matching("org.ntk4j.(*)..").should().beFreeOfCycles().check(program);
        slices().matching("org.ntk4j.(**)").should().beFreeOfCycles().check(program);
        noClasses().that().resideOutsideOfPackages("org.ntk4j", "org.ntk4j.run..", "org.ntk4j.jupyter..", "org.ntk4j.bench..").should()
                .dependOnClassesThat().resideInAPackage("org.ntk4j")
                .because("the face that users import stands above what it is made of")
                .check(program);
    }

    @Test
    void should_keep_rooms_small() throws IOException {
        Path root = Path.of("src/main/java/org/ntk4j");
        try (Stream<Path> all = Files.walk(root)) {
            for (Path folder : all.filter(Files::isDirectory).toList()) {
                int most = root.relativize(folder).startsWith("infinite") ? 17 : 46;
                try (Stream<Path> files = Files.list(folder)) {
                    assertThat(files.filter(f -> f.toString().endsWith(".java")).count())
                            .as("files in " + folder + ", package-info included").isLessThanOrEqualTo(most);
                }
            }
        }
    }

    @Test
    void should_name_classes_that_are_there_in_the_file_of_the_compiler() throws IOException {
        List<String> names = Files.readAllLines(Path.of("scripts/ntk.jit")).stream().filter(l -> l.contains("::"))
                .map(l -> l.split(" ")[1]).toList();
        assertThat(names).isNotEmpty();
        for (String name : names) {
            String type = name.substring(0, name.indexOf("::")).replace("*", ".*");
            String method = name.substring(name.indexOf("::") + 2);
            assertThat(program.stream().filter(c -> c.getName().matches(type)).flatMap(c -> c.getMethods().stream()).map(m -> m.getName()))
                    .as(name).anyMatch(found -> method.equals("*") || found.equals(method));
        }
    }

    @Test
    void should_call_classes_by_what_they_are() {
        noClasses().should().haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl)(\\$.*)?").check(program);
    }

    @Test
    void should_give_each_class_a_name_of_its_own() {
        Map<String, Set<String>> byName = program.stream()
                .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getSimpleName, TreeMap::new,
                        Collectors.mapping(JavaClass::getName, Collectors.toCollection(TreeSet::new))));
        byName.values().removeIf(same -> same.size() == 1);
        assertThat(byName).as("classes of one name in different packages").isEmpty();
    }

    @Test
    void should_have_no_state_that_everyone_can_change() {
        fields().that().areStatic().and().doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should().beFinal().because("two runs in one process must not meet")
                .check(program);
        fields().that().areStatic().and().arePublic().should(neverChange()).check(program);
    }

    /** A final array can still be written to. */
    private static ArchCondition<JavaField> neverChange() {
        return new ArchCondition<>("not be arrays") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                if (field.getRawType().isArray() && !field.getModifiers().contains(JavaModifier.SYNTHETIC)) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is an array that anyone can write to"));
                }
            }
        };
    }

    @Test
    void should_write_numbers_alike_whatever_the_users_language() {
        noClasses().should().callMethod(String.class, "format", String.class, Object[].class)
                .orShould().callMethod(String.class, "formatted", Object[].class)
                .orShould().callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould().callMethod(PrintStream.class, "format", String.class, Object[].class)
                .orShould().callMethod(String.class, "toLowerCase").orShould().callMethod(String.class, "toUpperCase")
                .because("digits and letters of the process's locale would reach files and names")
                .check(program);
    }

    @Test
    void should_fail_with_a_status_and_never_end_the_process_from_within() {
        noClasses().that().resideOutsideOfPackages("org.ntk4j.run..", "org.ntk4j.shell..")
                .should().callMethod(System.class, "exit", int.class)
                .check(program);
    }

    @Test
    void should_say_what_each_package_is_for() throws IOException {
        Path root = Path.of("src/main/java");
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> silent = all.filter(Files::isDirectory).filter(RulesTest::holdsClasses)
                    .filter(folder -> !Files.isRegularFile(folder.resolve("package-info.java"))).toList();
            assertThat(silent).as("packages without package-info.java").isEmpty();
        }
    }

    @Test
    void should_have_lines_that_fit() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("src"))) {
            for (Path file : all.filter(f -> f.toString().endsWith(".java")).toList()) {
                boolean text = false;
                int number = 0;
                for (String line : Files.readAllLines(file)) {
                    number++;
                    // Text blocks are data: their lines are as long as these are.
                    assertThat(text || line.length() <= MOST_COLUMNS)
                            .as("%s:%d: %d columns; at most %d", file, number, line.length(), MOST_COLUMNS).isTrue();
                    text ^= line.split("\"\"\"", -1).length % 2 == 0;
                }
            }
        }
    }

    private static boolean holdsClasses(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(f -> f.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
