/* Where the documentation of an application or a function comes from. SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ASTERISM_XMLDOC_H
#define ASTERISM_XMLDOC_H

#include "asterisk/stringfields.h"
#include "asterisk/strings.h"

enum ast_doc_src {
	AST_XML_DOC,	/* The DOCUMENTATION block of its source. */
	AST_STATIC_DOC,	/* The fields of its record. */
};

#endif
