package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a cell has to say beside its numbers: notes that the user should know, and details that stand in the log alone. */
final class CellNotes {

    private final List<String> notes = new ArrayList<>();
    private final List<String> details = new ArrayList<>();

    void add(String note) {
        notes.add(note);
    }

    void addAll(Collection<String> more) {
        notes.addAll(more);
    }

    /** Unless it was said before. */
    void addOnce(String note) {
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    void detail(String detail) {
        details.add(detail);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    List<String> details() {
        return List.copyOf(details);
    }
}
