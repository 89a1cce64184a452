package org.ntk4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is known of the training images of a data set where its files have no checksum that is known: how many of each class there are, and
 * the mean of each channel, with pixels from 0 to 1.
 *
 * @param name     the data set
 * @param perClass how many of each class
 * @param means    of each channel, to four digits
 */
record PublishedMeans(String name, int perClass, double... means) {

    private static final double CLOSE = 1e-4;

    /** How the images differ from what is published; empty if they do not. */
    Optional<String> difference(Examples train, int classes, int size) {
        List<String> different = new ArrayList<>();
        int[] counts = new int[classes];
        for (int label : train.labels()) {
            counts[label]++;
        }
        if (IntStream.of(counts).anyMatch(count -> count != perClass)) {
            different.add("its classes have " + IntStream.of(counts).min().orElse(0) + " to " + IntStream.of(counts).max().orElse(0)
                    + " training images, not " + perClass + " each");
        }
        double[] sums = new double[means.length];
        double[] image = new double[size];
        for (int i = 0; i < train.count(); i++) {
            train.copy(i, image, 0);
            for (int p = 0; p < size; p++) {
                sums[p % means.length] += image[p];
            }
        }
        for (int c = 0; c < means.length; c++) {
            double mean = sums[c] * means.length / ((double) size * train.count());
            if (Math.abs(mean - means[c]) > CLOSE) {
                different.add(String.format(Locale.ROOT, "the mean of %s is %.4f, not %.4f",
                        means.length == 1 ? "its pixels" : "channel " + c, mean, means[c]));
            }
        }
        return different.isEmpty() ? Optional.empty() : Optional.of(name + " is not what is published under that name ("
                + String.join("; ", different) + "): data of one's own, or damaged files; they are used as they are");
    }
}
