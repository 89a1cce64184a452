package org.ntk4j.rows;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Arrays that nothing needs any more, by their size: garbage of their size would keep Java's collector at work all the time. Belongs to
 * one thread.
 *
 * @param <A> the arrays
 */
public final class SpareArrays<A> {

    private final Rows<A> rows;
    private final Map<Integer, Deque<A>> spare = new HashMap<>();

    public SpareArrays(Rows<A> rows) {
        this.rows = rows;
    }

    /** An array that is left, with whatever it holds, or a new one. */
    public A array(int size) {
        Deque<A> left = spare.get(size);
        A made = left == null ? null : left.poll();
        return made == null ? rows.room(size) : made;
    }

    /** Takes back an array of this size. */
    public void release(A array, int size) {
        of(size).push(array);
    }

    /** Takes back arrays of this size. */
    public void release(Collection<A> arrays, int size) {
        of(size).addAll(arrays);
    }

    private Deque<A> of(int size) {
        return spare.computeIfAbsent(size, s -> new ArrayDeque<>());
    }
}
