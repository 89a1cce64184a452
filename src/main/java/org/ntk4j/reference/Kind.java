package org.ntk4j.reference;

import java.util.List;

/** What the reference is divided into: each kind has a file of topics, {@code FILE.yaml} beside the classes. */
public enum Kind {
    /** Keys of an experiment. */
    KEY("key", "experiment", "Keys of an experiment", List.of()),
    /** Data sets; their own options stand beside the keys of {@code data}. */
    DATA("data set", "data", "Data sets", List.of("data")),
    /** Optimizers. */
    OPTIMIZER("optimizer", "optimizers", "Optimizers", List.of("train", "optimizer")),
    /** Whole networks. */
    SHORTCUT("shortcut", "shortcuts", "Networks by one name", List.of("network")),
    /** Layers. */
    LAYER("layer", "layers", "Layers", List.of("network")),
    /** Activations. */
    ACTIVATION("activation", "activations", "Activations", List.of("network")),
    /** What is compared. */
    SUBJECT("subject", "subjects", "Subjects: what is compared", List.of()),
    /** Numbers that are computed. */
    METRIC("metric", "metrics", "Metrics", List.of()),
    /** Files of a run, their keys the columns. */
    FILE("file", "files", "Files of a run and their columns", List.of());

    private final String word;
    private final String file;
    private final String title;
    private final List<String> prefix;

    Kind(String word, String file, String title, List<String> prefix) {
        this.word = word;
        this.file = file;
        this.title = title;
        this.prefix = prefix;
    }

    /** What one of them is called. */
    public String word() {
        return word;
    }

    /** The name of its file and page, without an ending. */
    public String file() {
        return file;
    }

    /** The heading over all of them. */
    public String title() {
        return title;
    }

    /** Where they stand in an experiment. */
    List<String> prefix() {
        return prefix;
    }
}
