#include "dialog/draw.hpp"

#include "dialog/draw_parts.hpp"

#include <fmt/format.h>

namespace pbx::dialog {

namespace {
using drawing::Block;
using drawing::Picture;

// Inside "…" of DOT; \l ends a line that stands at the left.
std::string dot_text(std::string_view text, std::string_view newline) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += newline;
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string_view dot_shape(Block::Shape shape) {
    switch (shape) {
        case Block::Shape::plain:
            return "box, style=rounded";
        case Block::Shape::question:
            return "box";
        case Block::Shape::transfer:
            return "cds";
        case Block::Shape::hangup:
            return "box, style=\"rounded,filled\", fillcolor=\"#eeeeee\"";
    }
    return "box";
}

std::string dot(const Picture& picture) {
    std::string out = fmt::format("digraph \"{}\" {{\n", dot_text(picture.title, " "));
    out +=
        "    node [fontname=\"sans-serif\", fontsize=11];\n    edge [fontname=\"sans-serif\", "
        "fontsize=10];\n";
    for (std::size_t at = 0; at < picture.blocks.size(); ++at) {
        const auto& block = picture.blocks[at];
        std::string label = dot_text(block.name, " ") + "\\n";
        for (const auto& line : block.lines)
            label += dot_text(line, " ") + "\\l";
        out += fmt::format("    s{} [shape={}, label=\"{}\"{}];\n", at, dot_shape(block.shape), label,
                           at == picture.start ? ", penwidth=2" : "");
    }
    std::size_t stray = 0;
    for (const auto& line : picture.lines) {
        auto to = fmt::format("s{}", line.to);
        if (line.to == drawing::outside) {
            to = fmt::format("x{}", stray++);
            out += fmt::format("    {} [shape=plaintext, label=\"{}\"];\n", to, dot_text(line.target, " "));
        }
        out += fmt::format("    s{} -> {} [label=\"{}\"{}];\n", line.from, to, dot_text(line.label, "\\n"),
                           line.dashed ? ", style=dashed" : "");
    }
    if (!picture.notes.empty()) {
        out += "    notes [shape=note, label=\"";
        for (const auto& note : picture.notes)
            out += dot_text(note, " ") + "\\l";
        out += "\"];\n";
    }
    return out + "}\n";
}

// Mermaid takes character references inside "…"; its own signs and those of HTML are written so.
std::string mermaid_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "#quot;";
                break;
            case '#':
                out += "#35;";
                break;
            case '<':
                out += "#lt;";
                break;
            case '>':
                out += "#gt;";
                break;
            case '&':
                out += "#amp;";
                break;
            case '`':
                out += "#96;";
                break;
            case '\n':
                out += "<br/>";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string mermaid(const Picture& picture) {
    std::string out = "flowchart TD\n";
    for (std::size_t at = 0; at < picture.blocks.size(); ++at) {
        const auto& block = picture.blocks[at];
        std::string label = mermaid_text(block.name);
        for (const auto& line : block.lines)
            label += "<br/>" + mermaid_text(line);
        const bool round = block.shape == Block::Shape::plain || block.shape == Block::Shape::hangup;
        const bool flag = block.shape == Block::Shape::transfer;
        out += fmt::format("    s{}{}\"{}\"{}\n", at,
                           round  ? "("
                           : flag ? ">"
                                  : "[",
                           label, round ? ")" : "]");
    }
    std::size_t stray = 0;
    for (const auto& line : picture.lines) {
        auto to = fmt::format("s{}", line.to);
        if (line.to == drawing::outside) to = fmt::format("x{}[\"{}\"]", stray++, mermaid_text(line.target));
        const auto label =
            line.label.empty() ? std::string() : fmt::format("|\"{}\"|", mermaid_text(line.label));
        out += fmt::format("    s{} {}{} {}\n", line.from, line.dashed ? "-.->" : "-->", label, to);
    }
    for (std::size_t at = 0; at < picture.notes.size(); ++at)
        out += fmt::format("    n{}>\"{}\"]\n", at, mermaid_text(picture.notes[at]));
    if (picture.start != drawing::outside)
        out += fmt::format("    style s{} stroke-width:3px\n", picture.start);
    return out;
}

std::string plain(const Picture& picture) {
    std::string out;
    for (std::size_t at = 0; at < picture.blocks.size(); ++at) {
        const auto& block = picture.blocks[at];
        out += fmt::format("{}{}\n", block.name, at == picture.start ? "  (start)" : "");
        for (const auto& line : block.lines)
            out += fmt::format("    {}\n", line);
        for (const auto& line : picture.lines) {
            if (line.from != at) continue;
            std::string label = line.label;
            for (auto end = label.find('\n'); end != std::string::npos; end = label.find('\n', end))
                label.replace(end, 1, ", ");
            out += label.empty() ? fmt::format("    -> {}\n", line.target)
                                 : fmt::format("    {} -> {}\n", label, line.target);
        }
        out += '\n';
    }
    for (const auto& note : picture.notes)
        out += note + "\n";
    return out;
}
}  // namespace

std::optional<Form> form_named(std::string_view name) {
    if (name == "dot") return Form::dot;
    if (name == "mermaid") return Form::mermaid;
    if (name == "text") return Form::text;
    return std::nullopt;
}

std::string draw(const Dialog& dialog, Form form) {
    const auto picture = drawing::picture_of(dialog);
    switch (form) {
        case Form::dot:
            return dot(picture);
        case Form::mermaid:
            return mermaid(picture);
        case Form::text:
            return plain(picture);
    }
    return {};
}

}  // namespace pbx::dialog
