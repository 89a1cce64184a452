package org.ntk4j.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;
import org.ntk4j.reference.Kind;
import org.ntk4j.reference.Reference;
import org.ntk4j.reference.Topic;
import org.ntk4j.study.option.Time;

/** Each type's word is read as what wrote it, and the words are those of the reference. */
class WordsTest {

    private final Reference reference = Reference.read();

    private List<String> names(Kind kind) {
        return reference.of(kind).stream().map(Topic::name).toList();
    }

    @Test
    void subjects_should_be_read_as_written_and_be_those_of_the_reference() {
        for (Subject subject : Subject.values()) {
            assertThat(Subject.of(subject.toString())).isEqualTo(subject);
        }
        assertThat(new TreeSet<>(Subject.words())).isEqualTo(new TreeSet<>(names(Kind.SUBJECT)));
        assertThatThrownBy(() -> Subject.of("networt")).isInstanceOf(Failure.class).hasMessageContaining("'networt'");
        assertThat(Subject.KERNELS).allMatch(Subject::isKernel).extracting(k -> k.regression() + " " + k.projection())
                .containsExactly("regression.init projection.init", "regression.trained projection.trained",
                        "regression.infinite projection.infinite", "regression.nngp projection.nngp");
        assertThat(Stream.of(Subject.values()).filter(s -> !s.isKernel()))
                .allSatisfy(s -> assertThatThrownBy(s::regression).isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void splits_should_be_read_as_written() {
        for (SplitName split : SplitName.values()) {
            assertThat(SplitName.of(split.toString())).isEqualTo(split);
        }
        assertThatThrownBy(() -> SplitName.of("validation")).isInstanceOf(Failure.class);
    }

    @Test
    void steps_should_be_read_as_written_and_be_in_order() {
        Random random = new Random(1);
        List<Step> steps = new ArrayList<>(List.of(Step.NONE, Step.START, Step.of(9), Step.of(10), Step.of(999_999_999), Step.LAST));
        assertThat(steps).isSorted().doesNotHaveDuplicates();
        assertThat(steps).extracting(Step::toString).containsExactly("", "0", "9", "10", "999999999", "trained");
        for (int i = 0; i < 100; i++) {
            steps.add(Step.of(random.nextInt(1_000_000_000)));
        }
        assertThat(steps).allSatisfy(step -> assertThat(Step.of(step.toString())).isEqualTo(step).hasSameHashCodeAs(step));
        assertThatThrownBy(() -> Step.of("-1")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Step.of("1e3")).isInstanceOf(Failure.class);
    }

    @Test
    void metrics_should_be_read_as_written_and_be_those_of_the_reference() {
        assertThat(names(Kind.METRIC)).hasSizeGreaterThan(60).allSatisfy(name -> {
            String word = name.replace("/LAYER", "/residual.layers.1.dense").replaceFirst("\\.I$", ".3");
            assertThat(Metric.of(word)).hasToString(word);
        });
        for (Quantity quantity : Quantity.values()) {
            assertThat(names(Kind.METRIC)).as("%s is in the reference", quantity)
                    .anyMatch(name -> name.replaceFirst("(Low|High)?([./].*)?$", "").equals(quantity.toString()));
            for (Metric metric : List.of(quantity.metric(), quantity.low(), quantity.high(), quantity.ofLayer("1.dense"), quantity.of(7))) {
                assertThat(Metric.of(metric.toString())).isEqualTo(metric);
            }
        }
        assertThat(Quantity.SHARE.ofLayer("3.dense").layer()).contains("3.dense");
        assertThat(Quantity.MODE_ENERGY.of(3).layer()).isEmpty();
        assertThatThrownBy(() -> Metric.of("acuracy")).isInstanceOf(Failure.class).hasMessageContaining("'acuracy'");
    }

    @Test
    void times_should_be_read_as_written_and_know_their_step() {
        for (Time time : List.of(Time.TRAINED, Time.INFINITY, Time.of("0"), Time.of("250"))) {
            assertThat(Time.of(time.toString())).isEqualTo(time);
        }
        assertThat(Stream.of("trained", "infinity", "250").map(word -> Time.of(word).step(40))).containsExactly(Step.of(40), Step.NONE,
                Step.of(250));
        assertThatThrownBy(() -> Time.of("end")).isInstanceOf(Failure.class).hasMessageContaining("'end'");
    }

    @Test
    void a_moment_should_follow_from_subject_step_and_metric() {
        Step last = Step.of(40);
        assertThat(At.of(Subject.NETWORK, Step.of(40), last)).hasToString("trained");
        assertThat(At.of(Subject.NETWORK, Step.LAST, Step.NONE)).hasToString("trained");
        assertThat(At.of(Subject.NTK_TRAINED, Step.START, last)).hasToString("start");
        assertThat(At.of(Subject.NTK_TRAINED, Step.of(4), last)).hasToString("step");
        assertThat(At.of(Subject.NTK_INFINITE, Step.NONE, last)).hasToString("");
        assertThat(At.of(Subject.REGRESSION_INIT, Step.NONE, Quantity.MSE.metric(), last)).hasToString("limit");
        assertThat(At.of(Subject.REGRESSION_INIT, Step.NONE, Quantity.RIDGE.metric(), last)).hasToString("");
    }
}
