package org.ntk4j.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.shape.Shape;

/**
 * MNIST, or a data set made in its likeness.
 *
 * @param files      where its images and labels lie
 * @param classNames the names of all classes
 * @param train      how many training images of each class there are
 * @param test       how many test images of each class there are
 * @param published  what is known of its images beside the checksums of the files, if anything is
 */
record IdxImages(IdxFiles files, List<String> classNames, List<Integer> train, List<Integer> test, Optional<PublishedMeans> published)
        implements Source {

    static final Shape SHAPE = Shape.of(28, 28, 1);

    @Override
    public String name() {
        return files.name();
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public int[] counts(Part part) {
        return (part == Part.TRAIN ? train : test).stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public boolean present(Path folder) {
        return files.present(folder);
    }

    @Override
    public void fetch(Settings settings, Monitor monitor) {
        files.fetch(settings.data(), monitor);
    }

    @Override
    public Pool load(Settings settings, Monitor monitor) {
        fetch(settings, monitor);
        Pool pool = files.load(settings.data(), SHAPE, classNames.size(), monitor);
        published.flatMap(means -> means.difference(pool.train(), classNames.size(), SHAPE.size())).ifPresent(monitor::note);
        return pool;
    }
}
