package org.ntk4j.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Dataset;
import org.ntk4j.finite.Training;
import org.ntk4j.layer.Serial;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.result.Subject;

/** What in a definition does not go together, though each key by itself is right. */
record Contradictions(Definition definition) {

    /** What does not go together, by key. */
    static Map<String, String> of(Definition definition) {
        return new Contradictions(definition).found();
    }

    private Map<String, String> found() {
        Optional<Training> train = definition.train();
        Dataset data = definition.data();
        boolean path = definition.regression().path();
        Map<String, String> found = new LinkedHashMap<>();
        if (train.isEmpty() && definition.get(Keys.KERNELS).filter(names -> names.contains(Subject.NTK_TRAINED)).isPresent()) {
            found.put("kernels", "ntk.trained needs training; add 'train', or leave it out");
        }
        if (train.isEmpty() && definition.get(Keys.KERNELS).filter(List::isEmpty).isPresent()) {
            found.put("kernels", "an empty list, and no training: there is nothing to compute; allowed: "
                    + String.join(", ", Subject.KERNELS.stream().map(Subject::toString).toList()));
        }
        if (train.isEmpty() && !definition.record().isEmpty()) {
            found.put("record", "kernels along training need training; add 'train'");
        }
        if (path && (train.isEmpty() || !train.get().hasClosedForm()
                || !train.get().optimizer().name().equals("gradientDescent"))) {
            found.put("regression", "path, the sum along the network's path, is for gradientDescent on mse with the full batch; leave path "
                    + "out, or train so");
        } else if (path && definition.record().isEmpty()) {
            found.put("regression", "path is a sum over recorded kernels; add record: {kernel: [0, 1, 2, …]}, steps of the training");
        }
        fitting().flatMap(this::untrainable).ifPresent(text -> found.put("train", text));
        if (!data.hasClasses() && train.isPresent() && train.get().loss().equals(Training.CROSS_ENTROPY)) {
            found.put("train", "cross-entropy is learnt from classes, and the targets are real values; loss: mse");
        }
        if (!data.hasClasses() && train.isPresent() && train.get().until().trainAccuracy().isPresent()) {
            found.put("train", "real-valued targets have no accuracy; until: {trainLoss: …} ends the training");
        }
        fitting().flatMap(this::unsuitable).ifPresent(text -> found.put("network", text));
        if (definition.modes() > data.trainCount()) {
            found.put("modes", definition.modes() + " eigendirections cannot be followed: the kernel of " + data.trainCount()
                    + " training inputs has as many");
        }
        return found;
    }

    /** The layers for these data, if they fit; if not, the plan says why. */
    private Optional<Serial> fitting() {
        try {
            Serial list = definition.network().layers(definition.data().shape(), definition.outputs());
            list.checked(definition.data().shape());
            return Optional.of(list);
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    /** What is wrong with the names of the layers that are trained or not. */
    private Optional<String> untrainable(Serial list) {
        try {
            definition.trainedPart().of(list, definition.data().shape());
            return Optional.empty();
        } catch (Failure e) {
            return Optional.of(e.getMessage().replaceFirst("^train[.:] ?", ""));
        }
    }

    /** What of the network does not go with the data or with what is asked for. */
    private Optional<String> unsuitable(Serial list) {
        int words = definition.data().vocabulary().orElse(0);
        if (words > list.words().orElse(Integer.MAX_VALUE)) {
            return Optional.of("embedding: vocabulary " + list.words().getAsInt() + " is too small, the data have " + words
                    + " different words");
        }
        if (list.readsGraphs() && !definition.data().hasGraphs()) {
            return Optional.of("aggregate: " + Aggregation.NO_GRAPH);
        }
        List<Subject> kernels = definition.kernels();
        boolean finite = definition.train().isPresent() || definition.layers() || kernels.contains(Subject.NTK_INIT)
                || definition.regression().offsetFor(definition.centred()).equals("initial");
        boolean infinite = kernels.contains(Subject.NTK_INFINITE) || kernels.contains(Subject.NNGP_INFINITE);
        return finite && list.infiniteOnly().isPresent() ? list.infiniteOnly() : infinite ? list.finiteOnly() : Optional.empty();
    }
}
