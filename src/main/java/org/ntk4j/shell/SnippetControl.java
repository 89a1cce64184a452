package org.ntk4j.shell;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.jshell.execution.DirectExecutionControl;
import org.jspecify.annotations.Nullable;

/**
 * Takes compiled snippets and runs them later, in this process and on the caller's thread: so that a script is compiled to its end before
 * its first statement runs. Keeps the object that the last call returned and the exception that it threw; JShell itself would turn both
 * into text.
 */
final class SnippetControl extends DirectExecutionControl {

    /** A method of the user's compiled code that is to be called. */
    record Call(String type, String method) {
    }

    private List<Call> calls = new ArrayList<>();
    private @Nullable Object value;
    private @Nullable Throwable thrown;

    SnippetControl(Stop stop) {
        super(new SnippetLoader(stop));
    }

    /** What was to be called since the last time. */
    List<Call> taken() {
        List<Call> taken = List.copyOf(calls);
        calls = new ArrayList<>();
        return taken;
    }

    /** What JShell means to be run is kept; the result that it is told does not matter to it. */
    @Override
    public String invoke(String type, String method) {
        calls.add(new Call(type, method));
        return "";
    }

    /** Calls what was kept. */
    void run(Call call) {
        value = null;
        thrown = null;
        try {
            Method method = findClass(call.type).getDeclaredMethod(call.method);
            method.setAccessible(true);
            value = method.invoke(null);
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
        } catch (ReflectiveOperationException | LinkageError e) {
            thrown = e;
        }
    }

    /** What the last call returned. */
    @Nullable Object value() {
        return value;
    }

    /** What the last call threw. */
    Optional<Throwable> thrown() {
        return Optional.ofNullable(thrown);
    }

    @Override
    public String varValue(String className, String name) throws InternalException {
        try {
            Field field = findClass(className).getDeclaredField(name);
            field.setAccessible(true);
            value = field.get(null);
            return "";
        } catch (ReflectiveOperationException e) {
            throw new InternalException(e.toString());
        }
    }
}
