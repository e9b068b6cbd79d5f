"""The small menu that the tests of the verbs choose from."""

MENU = """
<category name="MENUSELECT_APPS" displayname="Applications">
<member name="app_call" displayname="Call a number"><support_level>core</support_level>
<depend>res_line</depend></member>
<member name="app_fetch" displayname="Fetch a page"><support_level>core</support_level>
<depend>res_web</depend><use type="external">zlib</use></member>
<member name="app_old" displayname="An old thing"><support_level>deprecated</support_level>
<defaultenabled>no</defaultenabled><deprecated_in>16</deprecated_in><removed_in>19</removed_in>
<replacement>app_call</replacement></member>
</category>
<category name="MENUSELECT_RES" displayname="Resource Modules">
<member name="res_line" displayname="A line"><support_level>core</support_level></member>
<member name="res_other_line" displayname="Another line"><support_level>extended</support_level>
<defaultenabled>no</defaultenabled><conflict>res_line</conflict></member>
<member name="res_web" displayname="The web"><support_level>core</support_level><depend>curl</depend></member>
</category>
<category name="MENUSELECT_CFLAGS" displayname="Compiler Flags" positive_output="yes">
<member name="DEBUG" displayname="For debuggers"><support_level>core</support_level></member>
<member name="FAST" displayname="Fast code"><support_level>core</support_level>
<defaultenabled>yes</defaultenabled></member>
</category>
"""

DEPS = "CURL=0\nZLIB=1\n"

MAKEOPTS = (
    "MENUSELECT_APPS=app_fetch app_old \n"
    "MENUSELECT_RES=res_web res_other_line \n"
    "MENUSELECT_CFLAGS=FAST \n"
    "MENUSELECT_BUILD_DEPS=res_line \n"
    "MENUSELECT_DEPSFAILED=MENUSELECT_APPS=app_fetch\n"
    "MENUSELECT_DEPSFAILED=MENUSELECT_RES=res_web\n"
)
"""What is saved when everything is as by default."""
