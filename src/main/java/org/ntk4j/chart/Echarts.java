package org.ntk4j.chart;

import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.ScriptableObject;
import org.ntk4j.base.Failure;

/** Apache ECharts, which draws all plots: in the reader's browser, and here, without one. */
final class Echarts {

    private static final String FOLDER = "/META-INF/resources/_static/echarts/6.0.0/";

    private Echarts() {
    }

    /** The library as it goes into a page: one script without an end tag inside. */
    static String script() {
        return Resource.text(FOLDER + "dist/echarts.common.min.js").replace("</script", "<\\/script");
    }

    /** The licences that travel with it. */
    static String licence() {
        return Resource.text(FOLDER + "NOTICE") + "\n" + Resource.text(FOLDER + "LICENSE") + "\n"
                + Resource.text(FOLDER + "licenses/LICENSE-d3");
    }

    /**
     * An option as SVG.
     *
     * @param json       of {@link Chart#json}
     * @param width      in pixels
     * @param plotHeight of each plot; the height of the picture follows
     */
    static String svg(String json, int width, int plotHeight) {
        try (Context context = Context.enter()) {
            context.setLanguageVersion(Context.VERSION_ES6);
            // Compiling the library takes longer than reading it once.
            context.setInterpretedMode(true);
            ScriptableObject scope = context.initSafeStandardObjects();
            run(context, scope, "timers", "var self = this, setTimeout = function () { return 0; }, clearTimeout = function () {};");
            run(context, scope, "echarts", script());
            run(context, scope, "layout.js", Resource.text("layout.js"));
            run(context, scope, "draw.js", Resource.text("draw.js"));
            Function draw = (Function) scope.get("ntk4jDraw", scope);
            return Context.toString(draw.call(context, scope, scope, new Object[] {json, width, plotHeight}));
        } catch (org.mozilla.javascript.RhinoException e) {
            throw Failure.run("the chart cannot be drawn (" + e.getMessage() + ")", e);
        }
    }

    private static void run(Context context, ScriptableObject scope, String name, String script) {
        context.evaluateString(scope, script, name, 1, null);
    }
}
