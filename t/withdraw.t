# To stop sharing is one step, as easy as to choose: it is in force at once, for
# this page and the next, and leaves a record of its own.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ body => 'hello' });

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /forms/ {
            consent on;
            consent_require forms;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ {
            consent_pages;
        }
    }
EOF

my $c = Consent::Test::Citizen->new($t);

unlike($c->get('/.privacy/')->body, qr{action="/\.privacy/withdraw"},
    'who shares nothing is not asked to stop');

$c->choose(level => 'forms', scope => 'standing', ai => 'none');
is($c->get('/forms/')->status, 200, 'what is shared is in force');

my %old = %{$c->{jar}};
my $page = $c->get('/.privacy/');
my %form = $c->form($page, '/.privacy/withdraw');
ok($form{token}, 'the choice page has the button');

my $r = $c->post('/.privacy/withdraw', [%form]);
is($r->status, 303, 'one step');
is($r->header('Location'), '/.privacy/?withdrawn', 'to a page');

$page = $c->get($r->header('Location'));
like($page->text, qr{<title>Sparat}, 'that says so');
unlike($page->body, qr{action="/\.privacy/withdraw"}, 'and asks no more');

is($c->get('/forms/')->status, 403, 'it is in force at once');
is($c->state->{status}, 'withdrawn', 'as a withdrawal');
is($c->state->{ai}, 'none', 'which is about data: who answers stays');
is_deeply($c->state->{categories}, [], 'nothing is shared');

$c->{jar} = \%old;
is($c->get('/forms/')->status, 403,
    'a cookie of before brings nothing back');

my $past = $c->json('GET', '/.privacy/api/v1/history')->json->{decisions};
is_deeply([map { $_->{status} } @$past], ['withdrawn', 'given'],
    'both are in the record');
isnt($past->[0]{receipt}, $past->[1]{receipt}, 'each with its receipt');

# from the record page

$c->choose(level => 'forms', scope => 'session', ai => 'any');
%form = $c->form($c->get('/.privacy/record'), '/.privacy/withdraw');
is($c->post('/.privacy/withdraw', [%form])->status, 303,
    'the record page has it too');
is($c->state->{status}, 'withdrawn', 'with the same end');

is($c->get('/.privacy/withdraw')->status, 405, 'no link does it');

done_testing();
