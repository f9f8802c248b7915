# Pages speak the citizen's language: what her browser asks for, or what she
# says herself, which then goes with her from page to page.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            consent_require forms;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);

sub lang {
    my ($r) = @_;

    my ($lang) = $r->body =~ /<html lang="([^"]+)"/;
    return $lang;
}

for my $case (
    ['sv', undef], ['fi', 'fi'], ['fi', 'fi-FI,fi;q=0.9,en;q=0.8'],
    ['en', 'de, en;q=0.5'], ['sv', 'de'], ['sv', 'en;q=0.1, sv-SE;q=0.2'],
    ['sv', '*'], ['sv', ',;q=;' x 500],
) {
    my ($lang, $accept) = @$case;
    my @accept = defined $accept ? ('Accept-Language', $accept) : ();

    is(lang($c->get('/.privacy/', headers => [@accept])), $lang,
        $accept ? substr($accept, 0, 40) : 'nothing asked for');
}

is(lang($c->get('/.privacy/?lang=en', headers => ['Accept-Language', 'fi'])),
    'en', 'what she says goes before what her browser asks for');
is(lang($c->get('/.privacy/?lang=tlh')), 'sv', 'a language that is none');
is(lang($c->get('/x?lang=en', headers => ['Accept-Language', 'fi'])), 'fi',
    'elsewhere the argument is the site\'s own');

my $r = $c->get('/.privacy/?lang=fi');
like($r->text, qr{Mitä tietoja haluat antaa käyttöömme\?}, 'Finnish');
like($r->body, qr{href="/\.privacy/human\?lang=fi"}, 'links keep it');
like($r->body, qr{href="/\.privacy/\?lang=en"[^>]*hreflang="en"}, 'or change it');

my %form = $c->form($r);
is($form{lang}, 'fi', 'the form keeps it');
$r = $c->post('/.privacy/', [%form, level => 'forms', scope => 'session', ai => 'any']);
is($r->header('Location'), '/.privacy/?saved&lang=fi', 'and the page behind');
like($c->get($r->header('Location'))->text, qr{<title>Tallennettu}, 'speaks it');

$r = $c->post('/.privacy/', [%{{%form, token => 'x'}}, level => 'forms']);
is(lang($r), 'fi', 'errors speak it');

%form = $c->form($c->get('/.privacy/', headers => ['Accept-Language', 'fi']));
$r = $c->post('/.privacy/', [%form, level => 'forms', scope => 'session',
    ai => 'any'], headers => ['Accept-Language', 'fi']);
is($r->header('Location'), '/.privacy/?saved',
    'what the browser asks for anyway need not be said');

like($c->get('/.privacy/record?lang=en')->text, qr{My choices and receipts}, 'English');
like($c->get('/.privacy/?saved&lang=en')->body, qr{lang=fi[^"]*"[^>]*hreflang="fi"},
    'every page offers the others');

done_testing();
