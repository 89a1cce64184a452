package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StripesTest {

    private static final int SIZE = 5;
    private static final int CHANNELS = 3;

    @Test
    void has_half_of_each_label_and_the_numbers_that_are_usual() {
        Sample sample = Dataset.stripes().load();
        assertThat(sample.train()).returns(200, Split::count);
        assertThat(sample.test()).returns(500, Split::count);
        assertThat(sample.train().inputs().shape()).hasToString("6×6×24");
        assertThat(Arrays.stream(sample.train().labels()).sum()).isEqualTo(100);
        assertThat(Arrays.stream(sample.test().labels()).sum()).isEqualTo(250);
        assertThat(sample.train().inputs().values()).containsOnly(1, -1);
        assertThat(Arrays.stream(sample.train().indices()).filter(i -> Arrays.stream(sample.test().indices()).anyMatch(j -> i == j)))
                .isEmpty();
    }

    @Test
    void is_the_same_for_a_seed_and_another_for_another() {
        Dataset stripes = Dataset.stripes().size(SIZE).channels(CHANNELS).train(20).test(20);
        assertThat(stripes.seed(3).train().inputs().values())
                .isEqualTo(Dataset.stripes().size(SIZE).channels(CHANNELS).train(20).test(20).seed(3).train().inputs().values());
        assertThat(stripes.seed(3).train().inputs().values()).isNotEqualTo(stripes.seed(4).train().inputs().values());
    }

    /** 4,000 images: a share of 16,000 or more has a deviation of at most 0.004. */
    @Test
    void tells_the_label_by_neighbours_in_channel_0_alone() {
        Split train = Dataset.stripes().size(SIZE).channels(CHANNELS).agreement(0.7).train(4000).normalize("none").train();
        for (int label = 0; label < 2; label++) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                double across = channel > 0 ? 0.5 : label == 1 ? 0.7 : 0.3;
                assertThat(agreement(train, label, channel, 0, 1)).as("along rows, channel %d, label %d", channel, label)
                        .isCloseTo(across, within(0.015));
                assertThat(agreement(train, label, channel, 1, 0)).as("along columns, channel %d, label %d", channel, label)
                        .isCloseTo(0.5, within(0.015));
                assertThat(mean(train, label, channel)).as("mean of channel %d, label %d", channel, label).isCloseTo(0, within(0.03));
            }
        }
    }

    private static double agreement(Split split, int label, int channel, int down, int right) {
        int same = 0;
        int all = 0;
        for (int i = 0; i < split.count(); i++) {
            double[] image = split.inputs().row(i);
            for (int row = 0; split.labels()[i] == label && row + down < SIZE; row++) {
                for (int column = 0; column + right < SIZE; column++) {
                    all++;
                    same += image[(row * SIZE + column) * CHANNELS + channel] == image[((row + down) * SIZE + column + right) * CHANNELS
                            + channel] ? 1 : 0;
                }
            }
        }
        return (double) same / all;
    }

    private static double mean(Split split, int label, int channel) {
        double sum = 0;
        int all = 0;
        for (int i = 0; i < split.count(); i++) {
            double[] image = split.inputs().row(i);
            for (int pixel = 0; split.labels()[i] == label && pixel < SIZE * SIZE; pixel++) {
                sum += image[pixel * CHANNELS + channel];
                all++;
            }
        }
        return sum / all;
    }
}
